/// A vector that can also multiply and add numbers smaller than a float, several in each lane of 32 bits.
///
/// These lie in vectors of floats as they are, so that they are loaded, repeated and stored like floats.
public protocol DotLanes: Lanes {
  /// In each lane, c + Σ a[i] · b[i] over its four bytes, unsigned ones of a and signed ones of b: whole numbers of 32 bits, exact.
  static func dotBytes(_ a: Self, _ b: Self, _ c: Self) -> Self
  /// The whole number in each lane as a float.
  static func number(ofInteger a: Self) -> Self
}

/// A vector that has an instruction for pairs of bf16, floats of which the upper half is kept.
public protocol PairLanes: DotLanes {
  /// In each lane, r(r(c + a₁ · b₁) + a₀ · b₀) with the upper half 1 and the lower half 0; r rounds to the nearest float, and operands and results too small for
  /// a normalised float are zero.
  static func dotPairs(_ a: Self, _ b: Self, _ c: Self) -> Self
}

/// `V`, whose lanes are four bytes in products and a float elsewhere: makes ``multiplySegments(_:_:)`` one of bytes.
@frozen public struct Bytes<V: DotLanes>: Lanes {
  @usableFromInline let v: V
  @inlinable @inline(__always) init(_ v: V) { self.v = v }
  @inlinable @inline(__always) public init(repeating value: Float) { v = V(repeating: value) }
  @inlinable @inline(__always) public static var count: Int { V.count }
  @inlinable @inline(__always) public static var tileRows: Int { V.tileRows }
  @inlinable @inline(__always) public static func load(_ address: UnsafePointer<Float>) -> Self { Self(V.load(address)) }
  @inlinable @inline(__always) public func store(_ address: UnsafeMutablePointer<Float>) { v.store(address) }
  @inlinable @inline(__always) public static func prefetch(_ address: UnsafePointer<Float>) { V.prefetch(address) }
  @inlinable @inline(__always) public static func + (a: Self, b: Self) -> Self { Self(a.v + b.v) }
  @inlinable @inline(__always) public static func - (a: Self, b: Self) -> Self { Self(a.v - b.v) }
  @inlinable @inline(__always) public static func * (a: Self, b: Self) -> Self { Self(a.v * b.v) }
  @inlinable @inline(__always) public static func / (a: Self, b: Self) -> Self { Self(a.v / b.v) }
  @inlinable @inline(__always) public static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(V.dotBytes(a.v, b.v, c.v)) }
  @inlinable @inline(__always) public static func number(ofSum a: Self) -> Self { Self(V.number(ofInteger: a.v)) }
  @inlinable @inline(__always) public static func max(_ a: Self, _ b: Self) -> Self { Self(V.max(a.v, b.v)) }
  @inlinable @inline(__always) public static func min(_ a: Self, _ b: Self) -> Self { Self(V.min(a.v, b.v)) }
  @inlinable @inline(__always) public static func floor(_ a: Self) -> Self { Self(V.floor(a.v)) }
  @inlinable @inline(__always) public static func select(_ a: Self, lessThan b: Self, _ yes: Self, else no: Self) -> Self {
    Self(V.select(a.v, lessThan: b.v, yes.v, else: no.v))
  }
  @inlinable @inline(__always) public static func select(number a: Self, _ yes: Self, else no: Self) -> Self {
    Self(V.select(number: a.v, yes.v, else: no.v))
  }
  @inlinable @inline(__always) public static func shiftedIntoExponent(_ a: Self) -> Self { Self(V.shiftedIntoExponent(a.v)) }
}

/// `V`, whose lanes are two bf16 in products and a float elsewhere: makes ``multiplySegments(_:_:)`` one of pairs.
@frozen public struct Pairs<V: PairLanes>: Lanes {
  @usableFromInline let v: V
  @inlinable @inline(__always) init(_ v: V) { self.v = v }
  @inlinable @inline(__always) public init(repeating value: Float) { v = V(repeating: value) }
  @inlinable @inline(__always) public static var count: Int { V.count }
  @inlinable @inline(__always) public static var tileRows: Int { V.tileRows }
  @inlinable @inline(__always) public static func load(_ address: UnsafePointer<Float>) -> Self { Self(V.load(address)) }
  @inlinable @inline(__always) public func store(_ address: UnsafeMutablePointer<Float>) { v.store(address) }
  @inlinable @inline(__always) public static func prefetch(_ address: UnsafePointer<Float>) { V.prefetch(address) }
  @inlinable @inline(__always) public static func + (a: Self, b: Self) -> Self { Self(a.v + b.v) }
  @inlinable @inline(__always) public static func - (a: Self, b: Self) -> Self { Self(a.v - b.v) }
  @inlinable @inline(__always) public static func * (a: Self, b: Self) -> Self { Self(a.v * b.v) }
  @inlinable @inline(__always) public static func / (a: Self, b: Self) -> Self { Self(a.v / b.v) }
  @inlinable @inline(__always) public static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { Self(V.dotPairs(a.v, b.v, c.v)) }
  @inlinable @inline(__always) public static func max(_ a: Self, _ b: Self) -> Self { Self(V.max(a.v, b.v)) }
  @inlinable @inline(__always) public static func min(_ a: Self, _ b: Self) -> Self { Self(V.min(a.v, b.v)) }
  @inlinable @inline(__always) public static func floor(_ a: Self) -> Self { Self(V.floor(a.v)) }
  @inlinable @inline(__always) public static func select(_ a: Self, lessThan b: Self, _ yes: Self, else no: Self) -> Self {
    Self(V.select(a.v, lessThan: b.v, yes.v, else: no.v))
  }
  @inlinable @inline(__always) public static func select(number a: Self, _ yes: Self, else no: Self) -> Self {
    Self(V.select(number: a.v, yes.v, else: no.v))
  }
  @inlinable @inline(__always) public static func shiftedIntoExponent(_ a: Self) -> Self { Self(V.shiftedIntoExponent(a.v)) }
}

/// ``multiplySegments(_:_:)`` of numbers smaller than a float: a segment is a pixel, `Pixel`, of a block of channels. No tail segments, and no plain maps.
@inlinable @inline(__always)
func multiplySmallSegments<V: Lanes, Pixel>(_: V.Type, _: Pixel.Type, _ p: SegmentProduct) {
  let groups = RowPanels(rows: p.width, largest: V.tileRows)
  switch (p.pixels, p.vectors) {
  case (.twoVectors, 2): multiplySegmentRows(V.self, InlineArray<2, Pixel>.self, InlineArray<2, Bool>.self, p, groups)
  case (.twoVectors, _): multiplySegmentRows(V.self, InlineArray<2, Pixel>.self, InlineArray<1, Bool>.self, p, groups)
  case (_, 2): multiplySegmentRows(V.self, InlineArray<1, Pixel>.self, InlineArray<2, Bool>.self, p, groups)
  default: multiplySegmentRows(V.self, InlineArray<1, Pixel>.self, InlineArray<1, Bool>.self, p, groups)
  }
}
