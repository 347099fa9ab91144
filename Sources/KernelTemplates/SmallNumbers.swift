/// How a float becomes a byte: q = min(max(round(x · scale) + zero, 0), 255), so that x ≈ (q − zero) / scale. Halves are rounded to even, NaN becomes
/// 0.
@frozen public struct ByteScale: Hashable, Sendable {
  public var scale: Float
  public var zero: UInt8

  @inlinable public init(scale: Float, zero: UInt8) {
    self.scale = scale
    self.zero = zero
  }
}

/// target[i] = the byte that stands for source[i].
@inlinable @inline(__always)
func quantizeBytes<V: Lanes>(_: V.Type, _ bytes: ByteScale, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<UInt8>, count: Int) {
  // Adding 1.5 · 2²³ rounds, and leaves the whole number in the lowest bits of the fraction.
  let scale = bytes.scale, zero = Float(bytes.zero), lower = -zero, upper = 255 - zero, magic = 12_582_912 + zero
  for i in 0..<count {
    let x = source[i] * scale, y = x > lower ? x : lower, z = y < upper ? y : upper
    target[i] = UInt8(truncatingIfNeeded: (z + magic).bitPattern)
  }
}

/// The bits of the bf16 nearest to a float, of two the even one, in the upper half; zeros in the lower. NaN stays NaN.
@inlinable @inline(__always)
func bitsRoundedToUpperHalf<V: Lanes>(_: V.Type, _ x: Float) -> UInt32 {
  let bits = x.bitPattern, isNumber = bits & 0x7fff_ffff <= 0x7f80_0000
  return (isNumber ? bits &+ 0x7fff &+ (bits >> 16 & 1) : bits | 0x0040_0000) & 0xffff_0000
}

/// target[i] = the float with the bits of bf16(source[i]).
@inlinable @inline(__always)
func roundToUpperHalves<V: Lanes>(_: V.Type, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, count: Int) {
  for i in 0..<count { target[i] = Float(bitPattern: bitsRoundedToUpperHalf(V.self, source[i])) }
}

/// target[i] = bf16(source[2 i]) in the upper half, which is multiplied first, and bf16(source[2 i + 1]) in the lower; `count` is even.
@inlinable @inline(__always)
func packPairs<V: Lanes>(_: V.Type, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<UInt32>, count: Int) {
  for i in 0..<count / 2 {
    target[i] = bitsRoundedToUpperHalf(V.self, source[2 &* i]) | bitsRoundedToUpperHalf(V.self, source[2 &* i &+ 1]) >> 16
  }
}
