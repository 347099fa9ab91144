import KernelTemplates

#if arch(x86_64)
import SIMDShims

/// Eight floats in a register of AVX2.
struct Lanes256: Lanes {
  var v: SIMD8<Float>

  @inline(__always) init(_ v: SIMD8<Float>) { self.v = v }
  @inline(__always) static var count: Int { 8 }
  @inline(__always) static var tileRows: Int { 6 }
  @inline(__always) init(repeating value: Float) { v = f32x8_repeat(value) }
  @inline(__always) static func load(_ address: UnsafePointer<Float>) -> Self { Self(f32x8_load(address)) }
  @inline(__always) func store(_ address: UnsafeMutablePointer<Float>) { f32x8_store(address, v) }
  @inline(__always) static func prefetch(_ address: UnsafePointer<Float>) { shim_prefetch(address) }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(f32x8_add(a.v, b.v)) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(f32x8_subtract(a.v, b.v)) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(f32x8_multiply(a.v, b.v)) }
  @inline(__always) static func / (a: Self, b: Self) -> Self { Self(f32x8_divide(a.v, b.v)) }
  @inline(__always) static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(f32x8_multiply_add(a.v, b.v, c.v)) }
  @inline(__always) static func max(_ a: Self, _ b: Self) -> Self { Self(f32x8_max(a.v, b.v)) }
  @inline(__always) static func min(_ a: Self, _ b: Self) -> Self { Self(f32x8_min(a.v, b.v)) }
  @inline(__always) static func floor(_ a: Self) -> Self { Self(f32x8_floor(a.v)) }
  @inline(__always) static func select(_ a: Self, lessThan b: Self, _ yes: Self, else no: Self) -> Self {
    Self(f32x8_select_less(a.v, b.v, yes.v, no.v))
  }
  @inline(__always) static func select(number a: Self, _ yes: Self, else no: Self) -> Self {
    Self(f32x8_select_number(a.v, yes.v, no.v))
  }
  @inline(__always) static func shiftedIntoExponent(_ a: Self) -> Self { Self(f32x8_shift_exponent(a.v)) }
  @inline(__always) static func transpose(
    _ source: UnsafePointer<Float>, _ sourceStride: Int, _ target: UnsafeMutablePointer<Float>, _ targetStride: Int
  ) { f32x8_transpose(source, sourceStride, target, targetStride) }
  @inline(__always) static func dotBytes(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(f32x8_dot_bytes(a.v, b.v, c.v)) }
  @inline(__always) static func number(ofInteger a: Self) -> Self { Self(f32x8_of_integers(a.v)) }
  @inline(__always) static func dotPairs(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(f32x8_dot_pairs(a.v, b.v, c.v)) }
}

/// The kernels for AVX2 and FMA.
public let avx2Kernels = KernelTable("avx2", Lanes256.self)
public let avx2DotKernels = DotKernelTable("avx2", Lanes256.self)
#endif
