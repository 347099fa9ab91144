/// A vector of floats: all that a kernel template may ask of an instruction set. One conforming struct an instruction set, in the target compiled for it.
///
/// Comparisons follow the x86 instructions, so that every instruction set treats NaN alike.
public protocol Lanes: BitwiseCopyable, Sendable {
  /// How many floats a vector holds.
  static var count: Int { get }
  /// How many rows of two vectors, at most, a tile of a product has: as many as leave registers for two vectors of one operand and a number of the other.
  static var tileRows: Int { get }
  init(repeating value: Float)
  /// Reads ``count`` floats; no alignment is needed.
  static func load(_ address: UnsafePointer<Float>) -> Self
  func store(_ address: UnsafeMutablePointer<Float>)
  /// Asks for the cache line at `address`, which need not be readable, in the second-level cache.
  static func prefetch(_ address: UnsafePointer<Float>)

  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  /// a · b + c, rounded once where the instruction set has a fused operation, else twice.
  static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self
  /// a > b ? a : b, so b when either is NaN.
  static func max(_ a: Self, _ b: Self) -> Self
  /// a < b ? a : b, so b when either is NaN.
  static func min(_ a: Self, _ b: Self) -> Self
  static func floor(_ a: Self) -> Self
  /// a < b ? yes : no
  static func select(_ a: Self, lessThan b: Self, _ yes: Self, else no: Self) -> Self
  /// a is a number ? yes : no
  static func select(number a: Self, _ yes: Self, else no: Self) -> Self
  /// The bits of each float shifted left by the 23 bits of its fraction.
  static func shiftedIntoExponent(_ a: Self) -> Self
  /// target[j, i] = source[i, j] for ``count`` rows of a vector each; rows lie `sourceStride` and `targetStride` floats apart.
  static func transpose(_ source: UnsafePointer<Float>, _ sourceStride: Int, _ target: UnsafeMutablePointer<Float>, _ targetStride: Int)

  /// In each lane of 32 bits, c + Σ a[i] · b[i] over its four bytes, unsigned ones of a and signed ones of b: whole numbers, exact. They lie in
  /// vectors of floats as they are, so that they are loaded, repeated and stored like floats.
  static func dotBytes(_ a: Self, _ b: Self, _ c: Self) -> Self
  /// The whole number in each lane as a float.
  static func number(ofInteger a: Self) -> Self
  /// In each lane, r(r(c + a₁ · b₁) + a₀ · b₀) with the floats a₁, b₁ whose upper half is the lane's upper one, a₀, b₀ whose upper half is its lower
  /// one, and r as ``multiplyAdd(_:_:_:)`` rounds. The instruction for it also takes operands and results too small for a normalised float for zero.
  static func dotPairs(_ a: Self, _ b: Self, _ c: Self) -> Self
}

extension Lanes {
  @inlinable @inline(__always) static var zero: Self { Self(repeating: 0) }

  /// The larger of both; NaN when either is.
  @inlinable @inline(__always) static func maximum(_ a: Self, _ b: Self) -> Self { select(number: a, max(a, b), else: a) }

  /// 2ⁿ for whole n from −126 to 127: adding 1.5 · 2²³ leaves n + 127 in the lowest bits of the fraction.
  @inlinable @inline(__always) static func powerOfTwo(_ n: Self) -> Self {
    shiftedIntoExponent(n + Self(repeating: 12_582_912 + 127))
  }

  /// Reads the first `count` floats of a vector, zeros after them.
  @inlinable @inline(__always) static func load(_ address: UnsafePointer<Float>, first count: Int) -> Self {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.count) { buffer in
      let base = buffer.baseAddress.unsafelyUnwrapped
      for lane in 0..<Self.count { base[lane] = lane < count ? address[lane] : 0 }
      return load(base)
    }
  }

  @inlinable @inline(__always)
  public static func transpose(_ source: UnsafePointer<Float>, _ sourceStride: Int, _ target: UnsafeMutablePointer<Float>, _ targetStride: Int) {
    for i in 0..<count { for j in 0..<count { target[j &* targetStride &+ i] = source[i &* sourceStride &+ j] } }
  }

  /// Writes the first `count` floats of the vector.
  @inlinable @inline(__always) func store(_ address: UnsafeMutablePointer<Float>, first count: Int) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.count) { buffer in
      let base = buffer.baseAddress.unsafelyUnwrapped
      store(base)
      for lane in 0..<count { address[lane] = base[lane] }
    }
  }
}
