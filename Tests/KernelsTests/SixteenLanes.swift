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
  static func dotBytes(_ a: Self, _ b: Self, _ c: Self) -> Self {
    let x = unsafeBitCast(a.v, to: SIMD16<UInt32>.self), y = unsafeBitCast(b.v, to: SIMD16<Int32>.self)
    var sum = unsafeBitCast(c.v, to: SIMD16<Int32>.self)
    for byte in 0..<4 {
      let unsigned = (x &>> UInt32(8 * byte)) & 255, signed = (y &<< Int32(24 - 8 * byte)) &>> 24
      sum &+= SIMD16<Int32>(truncatingIfNeeded: unsigned) &* signed
    }
    return Self(unsafeBitCast(sum, to: SIMD16<Float>.self))
  }
  static func number(ofInteger a: Self) -> Self { Self(SIMD16<Float>(unsafeBitCast(a.v, to: SIMD16<Int32>.self))) }
  static func dotPairs(_ a: Self, _ b: Self, _ c: Self) -> Self {
    let x = unsafeBitCast(a.v, to: SIMD16<UInt32>.self), y = unsafeBitCast(b.v, to: SIMD16<UInt32>.self)
    func floats(_ bits: SIMD16<UInt32>) -> Self { Self(unsafeBitCast(bits, to: SIMD16<Float>.self)) }
    let upper = multiplyAdd(floats(x & 0xffff_0000), floats(y & 0xffff_0000), c)
    return multiplyAdd(floats(x &<< 16), floats(y &<< 16), upper)
  }
}

/// A table as the AVX-512 one is, without its instructions.
let sixteenLanesKernels = KernelTable("sixteen lanes", SixteenLanes.self)

let sixteenLanesDotKernels = DotKernelTable("sixteen lanes", SixteenLanes.self, hasPairs: true)
