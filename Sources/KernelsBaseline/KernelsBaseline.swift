import KernelTemplates
import SIMDShims

/// Four floats in a register that every supported processor has: SSE2, NEON.
struct Lanes128: Lanes {
  var v: SIMD4<Float>

  @inline(__always) init(_ v: SIMD4<Float>) { self.v = v }
  @inline(__always) static var count: Int { 4 }
  @inline(__always) static var tileRows: Int { 4 }
  @inline(__always) init(repeating value: Float) { v = SIMD4(repeating: value) }
  @inline(__always) static func load(_ address: UnsafePointer<Float>) -> Self {
    Self(UnsafeRawPointer(address).loadUnaligned(as: SIMD4<Float>.self))
  }
  @inline(__always) func store(_ address: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(address).storeBytes(of: v, as: SIMD4<Float>.self)
  }
  @inline(__always) static func prefetch(_ address: UnsafePointer<Float>) { shim_prefetch(address) }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(a.v + b.v) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(a.v - b.v) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(a.v * b.v) }
  @inline(__always) static func / (a: Self, b: Self) -> Self { Self(a.v / b.v) }
  /// Two roundings: without a fused instruction, `addProduct` would be a library call a lane, 150 times slower.
  @inline(__always) static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(a.v * b.v + c.v) }
  @inline(__always) static func max(_ a: Self, _ b: Self) -> Self { Self(b.v.replacing(with: a.v, where: a.v .> b.v)) }
  @inline(__always) static func min(_ a: Self, _ b: Self) -> Self { Self(b.v.replacing(with: a.v, where: a.v .< b.v)) }
  @inline(__always) static func floor(_ a: Self) -> Self { Self(a.v.rounded(.down)) }
  @inline(__always) static func select(_ a: Self, lessThan b: Self, _ yes: Self, else no: Self) -> Self {
    Self(no.v.replacing(with: yes.v, where: a.v .< b.v))
  }
  @inline(__always) static func select(number a: Self, _ yes: Self, else no: Self) -> Self {
    Self(no.v.replacing(with: yes.v, where: a.v .== a.v))
  }
  @inline(__always) static func shiftedIntoExponent(_ a: Self) -> Self {
    Self(unsafeBitCast(unsafeBitCast(a.v, to: SIMD4<UInt32>.self) &<< 23, to: SIMD4<Float>.self))
  }
  @inline(__always) static func dotBytes(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(f32x4_dot_bytes(a.v, b.v, c.v)) }
  @inline(__always) static func number(ofInteger a: Self) -> Self { Self(f32x4_of_integers(a.v)) }
  @inline(__always) static func dotPairs(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(f32x4_dot_pairs(a.v, b.v, c.v)) }
}

/// The kernels for every processor that this package is built for.
public let baselineKernels = KernelTable("baseline", Lanes128.self)
public let baselineDotKernels = DotKernelTable("baseline", Lanes128.self)
