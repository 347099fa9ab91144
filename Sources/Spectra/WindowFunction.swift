import Glibc

/// Weights that fade a frame out towards its ends (Harris 1978).
public enum WindowFunction: String, Sendable, CaseIterable {
  /// 1/2 − 1/2 cos x
  case hann
  /// 0.54 − 0.46 cos x
  case hamming
  /// 0.42 − 0.5 cos x + 0.08 cos 2x
  case blackman
  /// 1
  case rectangular

  /// The window at x = 2πn / N: N = `count` when it is periodic, as spectrograms of `librosa`, SciPy and PyTorch take it, and `count` − 1 when it is
  /// symmetric, as matplotlib and NumPy do.
  public func weights(_ count: Int, isPeriodic: Bool = true) -> [Float] {
    precondition(count >= 1, "a window has at least one weight, found \(count)")
    guard count > 1 else { return [1] }
    let step = 2 * Double.pi / Double(isPeriodic ? count : count - 1)
    return (0..<count).map { n in
      let x = step * Double(n)
      switch self {
      case .hann: return Float(0.5 - 0.5 * cos(x))
      case .hamming: return Float(0.54 - 0.46 * cos(x))
      case .blackman: return Float(0.42 - 0.5 * cos(x) + 0.08 * cos(2 * x))
      case .rectangular: return 1
      }
    }
  }
}
