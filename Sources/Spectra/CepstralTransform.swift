import Glibc

/// Mel-frequency cepstral coefficients out of mel bands in decibels (Davis and Mermelstein 1980): the first coefficients of the orthonormal cosine
/// transform of type II.
///
///     c[t, k] = s[k] Σₙ x[t, n] cos(π k (2n + 1) / 2N),  s[0] = √(1 / N), s[k] = √(2 / N)
public struct CepstralTransform: Sendable {
  public let count: Int
  public let bandCount: Int
  /// [count, bandCount]
  private let basis: [Float]

  /// - Precondition: 1 ≤ `count` ≤ `bandCount`.
  public init(_ count: Int, bands bandCount: Int) {
    precondition(count >= 1 && count <= bandCount, "1 to \(bandCount) coefficients, found \(count)")
    self.count = count
    self.bandCount = bandCount
    basis = (0..<count).flatMap { k in
      let scale = ((k == 0 ? 1 : 2) / Double(bandCount)).squareRoot()
      return (0..<bandCount).map { n in Float(scale * cos(Double.pi * Double(k) * Double(2 * n + 1) / Double(2 * bandCount))) }
    }
  }

  /// The coefficients of each frame of decibels.
  public func callAsFunction(_ bands: Frames) -> Frames {
    precondition(bands.width == bandCount, "coefficients of \(bandCount) bands, found \(bands.width)")
    var result = Frames(width: count, values: [Float](repeating: 0, count: bands.count * count))
    let frames = bands.count, values = bands.values.span, basis = basis.span
    var target = result.values.mutableSpan
    for frame in 0..<frames {
      for k in 0..<count {
        var sum: Float = 0
        for n in 0..<bandCount { sum += basis[k * bandCount + n] * values[frame * bandCount + n] }
        target[frame * count + k] = sum
      }
    }
    return result
  }
}
