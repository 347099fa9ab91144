import Glibc

/// Pseudo-random numbers that a seed fixes on every machine: xoshiro256** (Blackman & Vigna 2021), its state filled by SplitMix64.
public struct RandomNumbers: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spareNormal: Float?

  public init(seed: UInt64) {
    var counter = seed
    func splitMix() -> UInt64 {
      counter &+= 0x9E37_79B9_7F4A_7C15
      var word = counter
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
    state = (splitMix(), splitMix(), splitMix(), splitMix())
  }

  public mutating func next() -> UInt64 {
    func rotated(_ word: UInt64, by bits: UInt64) -> UInt64 { (word << bits) | (word >> (64 - bits)) }
    let result = rotated(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, by: 45)
    return result
  }

  /// A number drawn evenly from [0, 1).
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number drawn evenly from `range`.
  public mutating func uniform(in range: Range<Float>) -> Float {
    range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
  }

  /// A number drawn from the normal distribution of mean 0 and standard deviation 1 (Marsaglia's polar method).
  public mutating func normal() -> Float {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let x = uniform(in: -1..<1), y = uniform(in: -1..<1)
      let square = x * x + y * y
      guard square > 0 && square < 1 else { continue }
      let scale = (-2 * logf(square) / square).squareRoot()
      spareNormal = y * scale
      return x * scale
    }
  }
}

extension Tensor {
  /// A tensor of numbers drawn evenly from `range`.
  public init(_ shape: Shape, uniformIn range: Range<Float>, using generator: inout RandomNumbers) {
    self.init(shape)
    withMutableSpan { span in for index in span.indices { span[index] = generator.uniform(in: range) } }
  }

  /// A tensor of normally distributed numbers.
  public init(_ shape: Shape, normalWith deviation: Float, using generator: inout RandomNumbers) {
    self.init(shape)
    withMutableSpan { span in for index in span.indices { span[index] = deviation * generator.normal() } }
  }
}
