import KernelTemplates

/// Sixteen floats, as AVX-512 has them, in plain Swift: so that the templates at that width, with its tall tiles, are tested on any machine.
struct SixteenLanes: Lanes {
  var v: SIMD16<Float>

  init(_ v: SIMD16<Float>) { self.v = v }
  static var count: Int { 16 }
  static var tileRows: Int { 14 }
  init(repeating value: Float) { v = SIMD16(repeating: value) }
  static func load(_ address: UnsafePointer<Float>) -> Self { Self(UnsafeRawPointer(address).loadUnaligned(as: SIMD16<Float>.self)) }
  func store(_ address: UnsafeMutablePointer<Float>) { UnsafeMutableRawPointer(address).storeBytes(of: v, as: SIMD16<Float>.self) }
  static func prefetch(_ address: UnsafePointer<Float>) {}
  static func + (a: Self, b: Self) -> Self { Self(a.v + b.v) }
  static func - (a: Self, b: Self) -> Self { Self(a.v - b.v) }
  static func * (a: Self, b: Self) -> Self { Self(a.v * b.v) }
  static func / (a: Self, b: Self) -> Self { Self(a.v / b.v) }
  static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(a.v * b.v + c.v) }
  static func max(_ a: Self, _ b: Self) -> Self { Self(b.v.replacing(with: a.v, where: a.v .> b.v)) }
  static func min(_ a: Self, _ b: Self) -> Self { Self(b.v.replacing(with: a.v, where: a.v .< b.v)) }
  static func floor(_ a: Self) -> Self { Self(a.v.rounded(.down)) }
  static func select(_ a: Self, lessThan b: Self, _ yes: Self, else no: Self) -> Self {
    Self(no.v.replacing(with: yes.v, where: a.v .< b.v))
  }
  static func select(number a: Self, _ yes: Self, else no: Self) -> Self { Self(no.v.replacing(with: yes.v, where: a.v .== a.v)) }
  static func shiftedIntoExponent(_ a: Self) -> Self {
    Self(unsafeBitCast(unsafeBitCast(a.v, to: SIMD16<UInt32>.self) &<< 23, to: SIMD16<Float>.self))
  }
}

/// A table as the AVX-512 one is, without its instructions.
let sixteenLanesKernels = KernelTable("sixteen lanes", SixteenLanes.self)
