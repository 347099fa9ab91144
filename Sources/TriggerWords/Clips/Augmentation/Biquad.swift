import Glibc

/// A Butterworth filter as sections of second order, by the bilinear transform:
///
///     |H(f)|² = 1 / (1 + (f / f₀)^2N)   of a low-pass; f₀ / f of a high-pass
///
/// Sections y[n] = b₀ x[n] + b₁ x[n−1] + b₂ x[n−2] − a₁ y[n−1] − a₂ y[n−2], with Q = 1 / (2 cos θ) for each pair of poles (Butterworth 1930).
struct ButterworthFilter: Sendable {
  private struct Section { var b0, b1, b2, a1, a2: Float }
  private var sections: [Section] = []

  enum Kind { case lowPass, highPass }

  /// - Parameters:
  ///   - hertz: where the power is half, below half the rate.
  ///   - order: even.
  init(_ kind: Kind, hertz: Float, order: Int, sampleRate: Int) {
    precondition(
      hertz > 0 && 2 * hertz < Float(sampleRate) && order > 0 && order % 2 == 0, "a filter of \(hertz) Hz, order \(order), at \(sampleRate) Hz")
    let omega = 2 * Double.pi * Double(hertz) / Double(sampleRate), cosine = cos(omega)
    for pair in 0..<order / 2 {
      let alpha = sin(omega) * cos(Double.pi * Double(2 * pair + 1) / Double(2 * order)), scale = 1 / (1 + alpha)
      let edge = kind == .lowPass ? 1 - cosine : 1 + cosine
      sections.append(
        Section(
          b0: Float(edge / 2 * scale), b1: Float((kind == .lowPass ? edge : -edge) * scale), b2: Float(edge / 2 * scale),
          a1: Float(-2 * cosine * scale), a2: Float((1 - alpha) * scale)))
    }
  }

  func callAsFunction(_ samples: [Float]) -> [Float] {
    var result = samples
    for section in sections {
      var first: Float = 0, second: Float = 0
      for index in result.indices {
        let x = result[index], y = section.b0 * x + first
        first = section.b1 * x - section.a1 * y + second
        second = section.b2 * x - section.a2 * y
        result[index] = y
      }
    }
    return result
  }
}
