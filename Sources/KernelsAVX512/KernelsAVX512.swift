import KernelTemplates

#if arch(x86_64)
import SIMDShims

/// Sixteen floats in a register of AVX-512.
struct Lanes512: Lanes {
  var v: SIMD16<Float>

  @inline(__always) init(_ v: SIMD16<Float>) { self.v = v }
  @inline(__always) static var count: Int { 16 }
  @inline(__always) static var tileRows: Int { 14 }
  @inline(__always) init(repeating value: Float) { v = f32x16_repeat(value) }
  @inline(__always) static func load(_ address: UnsafePointer<Float>) -> Self { Self(f32x16_load(address)) }
  @inline(__always) func store(_ address: UnsafeMutablePointer<Float>) { f32x16_store(address, v) }
  @inline(__always) static func prefetch(_ address: UnsafePointer<Float>) { shim_prefetch(address) }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(f32x16_add(a.v, b.v)) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(f32x16_subtract(a.v, b.v)) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(f32x16_multiply(a.v, b.v)) }
  @inline(__always) static func / (a: Self, b: Self) -> Self { Self(f32x16_divide(a.v, b.v)) }
  @inline(__always) static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(f32x16_multiply_add(a.v, b.v, c.v)) }
  @inline(__always) static func max(_ a: Self, _ b: Self) -> Self { Self(f32x16_max(a.v, b.v)) }
  @inline(__always) static func min(_ a: Self, _ b: Self) -> Self { Self(f32x16_min(a.v, b.v)) }
  @inline(__always) static func floor(_ a: Self) -> Self { Self(f32x16_floor(a.v)) }
  @inline(__always) static func select(_ a: Self, lessThan b: Self, _ yes: Self, else no: Self) -> Self {
    Self(f32x16_select_less(a.v, b.v, yes.v, no.v))
  }
  @inline(__always) static func select(number a: Self, _ yes: Self, else no: Self) -> Self {
    Self(f32x16_select_number(a.v, yes.v, no.v))
  }
  @inline(__always) static func shiftedIntoExponent(_ a: Self) -> Self { Self(f32x16_shift_exponent(a.v)) }
  @inline(__always) static func transpose(
    _ source: UnsafePointer<Float>, _ sourceStride: Int, _ target: UnsafeMutablePointer<Float>, _ targetStride: Int
  ) { f32x16_transpose(source, sourceStride, target, targetStride) }
  @inline(__always) static func dotBytes(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(f32x16_dot_bytes(a.v, b.v, c.v)) }
  @inline(__always) static func number(ofInteger a: Self) -> Self { Self(f32x16_of_integers(a.v)) }
  @inline(__always) static func dotPairs(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(f32x16_dot_pairs(a.v, b.v, c.v)) }
}

/// The kernels for AVX-512 F, VL, BW and DQ.
public let avx512Kernels = KernelTable("avx512", Lanes512.self)
public let avx512DotKernels = DotKernelTable("avx512", Lanes512.self)
#endif
