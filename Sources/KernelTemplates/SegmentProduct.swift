/// A product whose left operand lies in segments of memory, row by row: what convolutions of blocked maps are made of.
///
/// For each row i, pixel p and output o: c[i, o, p] = f(bias[o] + residual[i, o, p] + Σ_s,k a[i · aRowStep + offset[s] + p · pixel step + k] · b[i][s, k, o]).
///
/// The offsets make it a 1×1 convolution (a segment is a block of channels), any other (a segment for each block and place of the window), or, with planes of
/// transformed tiles in the place of rows, the products of Winograd's algorithm. All of the depth is summed in registers.
@frozen public struct SegmentProduct {
  /// How many rows there are, and pixels in each.
  public var rows, width: Int
  /// How far apart the pixels of `a` lie.
  public var pixels: PixelStep
  public var a: UnsafePointer<Float>
  public var aRowStep: Int
  /// Where each segment lies, in floats after a row's beginning.
  public var offsets: UnsafePointer<Int>
  /// Segments of a whole vector of depth (of one number, if pixels are not vectors), and after them segments of `tailDepth` numbers.
  public var segments, tailSegments, tailDepth: Int
  /// [depth][vectors · V]
  public var b: UnsafePointer<Float>
  public var bRowStep: Int
  /// What will be multiplied next, as large as `b`, or nil: it is brought into the cache while this is computed, since weights stream from far away.
  public var next: UnsafePointer<Float>?
  /// Pixel p of output block h (h = 0, 1) lies at `c + h · cBlockStep + p · cPixelStep`.
  public var c: UnsafeMutablePointer<Float>
  public var cRowStep, cBlockStep, cPixelStep: Int
  /// How many blocks of outputs are computed: 1 or 2.
  public var vectors: Int
  /// [vectors · V], or nil for sums as they are: no bias, residual or activation.
  public var bias: UnsafePointer<Float>?
  /// Something that is added, with steps of its own; its pixels are neighbours.
  public var residual: UnsafePointer<Float>?
  public var residualRowStep, residualBlockStep: Int
  public var line: ClampedLine
  /// [vectors · V] that sums of bytes are multiplied by before anything is added, nil for all others.
  public var scale: UnsafePointer<Float>?

  @inlinable public init(
    rows: Int, width: Int, pixels: PixelStep = .vector, a: UnsafePointer<Float>, aRowStep: Int, offsets: UnsafePointer<Int>, segments: Int,
    tailSegments: Int = 0, tailDepth: Int = 0, b: UnsafePointer<Float>, bRowStep: Int = 0, next: UnsafePointer<Float>? = nil,
    c: UnsafeMutablePointer<Float>, cRowStep: Int, cBlockStep: Int, cPixelStep: Int, vectors: Int, bias: UnsafePointer<Float>? = nil,
    residual: UnsafePointer<Float>? = nil, residualRowStep: Int = 0,
    residualBlockStep: Int = 0, line: ClampedLine = ClampedLine(), scale: UnsafePointer<Float>? = nil
  ) {
    self.rows = rows
    self.width = width
    self.pixels = pixels
    self.a = a
    self.aRowStep = aRowStep
    self.offsets = offsets
    self.segments = segments
    self.tailSegments = tailSegments
    self.tailDepth = tailDepth
    self.b = b
    self.bRowStep = bRowStep
    self.next = next
    self.c = c
    self.cRowStep = cRowStep
    self.cBlockStep = cBlockStep
    self.cPixelStep = cPixelStep
    self.vectors = vectors
    self.bias = bias
    self.residual = residual
    self.residualRowStep = residualRowStep
    self.residualBlockStep = residualBlockStep
    self.line = line
    self.scale = scale
  }
}

/// How far apart neighbouring pixels of the left operand lie: a constant of each tile, so that they are addressed by constants.
@frozen public enum PixelStep: Sendable {
  /// One or two vectors: blocked maps, stride 1 or 2.
  case vector, twoVectors
  /// One or two floats: plain maps, stride 1 or 2.
  case one, two
}

/// See ``SegmentProduct``. Rows of pixels are cut into nearly equal groups of at most ``Lanes/tileRows``, each a tile of registers.
@inlinable @inline(__always)
public func multiplySegments<V: Lanes>(_: V.Type, _ p: SegmentProduct) {
  let groups = RowPanels(rows: p.width, largest: V.tileRows)
  switch (p.pixels, p.vectors) {
  case (.vector, 2): multiplySegmentRows(V.self, InlineArray<1, V>.self, InlineArray<2, InlineArray<1, Bool>>.self, p, groups)
  case (.vector, _): multiplySegmentRows(V.self, InlineArray<1, V>.self, InlineArray<1, InlineArray<1, Bool>>.self, p, groups)
  case (.twoVectors, 2): multiplySegmentRows(V.self, InlineArray<2, V>.self, InlineArray<2, InlineArray<1, Bool>>.self, p, groups)
  case (.twoVectors, _): multiplySegmentRows(V.self, InlineArray<2, V>.self, InlineArray<1, InlineArray<1, Bool>>.self, p, groups)
  case (.one, 2): multiplySegmentRows(V.self, InlineArray<1, Float>.self, InlineArray<2, InlineArray<1, Bool>>.self, p, groups)
  case (.one, _): multiplySegmentRows(V.self, InlineArray<1, Float>.self, InlineArray<1, InlineArray<1, Bool>>.self, p, groups)
  case (.two, 2): multiplySegmentRows(V.self, InlineArray<2, Float>.self, InlineArray<2, InlineArray<1, Bool>>.self, p, groups)
  case (.two, _): multiplySegmentRows(V.self, InlineArray<2, Float>.self, InlineArray<1, InlineArray<1, Bool>>.self, p, groups)
  }
}

/// ``multiplySegments(_:_:)`` of numbers of which `parts` lie in each 32 bits: pairs of bf16 or four bytes. A segment is a pixel of a block of
/// channels; there are no tail segments, and no plain maps.
@inlinable @inline(__always)
func multiplySmallSegments<V: Lanes, let parts: Int>(_: V.Type, _: InlineArray<parts, Bool>.Type, _ p: SegmentProduct) {
  let groups = RowPanels(rows: p.width, largest: V.tileRows)
  switch (p.pixels, p.vectors) {
  case (.twoVectors, 2): multiplySegmentRows(V.self, InlineArray<2, V>.self, InlineArray<2, InlineArray<parts, Bool>>.self, p, groups)
  case (.twoVectors, _): multiplySegmentRows(V.self, InlineArray<2, V>.self, InlineArray<1, InlineArray<parts, Bool>>.self, p, groups)
  case (_, 2): multiplySegmentRows(V.self, InlineArray<1, V>.self, InlineArray<2, InlineArray<parts, Bool>>.self, p, groups)
  default: multiplySegmentRows(V.self, InlineArray<1, V>.self, InlineArray<1, InlineArray<parts, Bool>>.self, p, groups)
  }
}

/// The rows of one kind of tile. Pixels are `step` numbers or vectors apart, `Pixel`: constants of the type, so that they are such in the compiled loop, too.
@inlinable @inline(__always)
func multiplySegmentRows<V: Lanes, Pixel, let step: Int, let vectors: Int, let parts: Int>(
  _: V.Type, _ pixels: InlineArray<step, Pixel>.Type, _ width: InlineArray<vectors, InlineArray<parts, Bool>>.Type, _ p: SegmentProduct,
  _ groups: RowPanels
) {
  let depthStep = MemoryLayout<Pixel>.size / MemoryLayout<Float>.size / parts, pixelStep = step &* depthStep
  let depth = p.segments &* depthStep &+ p.tailSegments &* p.tailDepth
  // What comes next is fetched bit by bit, so many floats at each step of a tile's depth that the last tile ends with it.
  let tiles = p.bRowStep == 0 ? p.rows &* groups.count : groups.count
  let aheadStep = (vectors &* V.count &+ tiles &- 1) / max(1, tiles)
  for row in 0..<p.rows {
    let b = p.b + row &* p.bRowStep, firstTile = p.bRowStep == 0 ? row &* groups.count : 0
    let next = p.next.map { $0 + row &* p.bRowStep }
    var a = p.a + row &* p.aRowStep, c = p.c + row &* p.cRowStep
    var residual = p.residual.map { $0 + row &* p.residualRowStep }
    for group in 0..<groups.count {
      let rows = groups.height(of: group), tile = firstTile &+ group
      let ahead = next.map { $0 + tile &* depth &* aheadStep } ?? b
      // Each number of rows is compiled for itself, so that its accumulators are registers; those beyond what the registers hold, not at all.
      switch rows {
      case 1: segmentTile(V.self, pixels, InlineArray<1, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 2: segmentTile(V.self, pixels, InlineArray<2, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 3: segmentTile(V.self, pixels, InlineArray<3, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 4: segmentTile(V.self, pixels, InlineArray<4, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 5 where V.tileRows >= 5: segmentTile(V.self, pixels, InlineArray<5, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 6 where V.tileRows >= 6: segmentTile(V.self, pixels, InlineArray<6, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 7 where V.tileRows >= 7: segmentTile(V.self, pixels, InlineArray<7, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 8 where V.tileRows >= 8: segmentTile(V.self, pixels, InlineArray<8, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 9 where V.tileRows >= 9: segmentTile(V.self, pixels, InlineArray<9, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 10 where V.tileRows >= 10: segmentTile(V.self, pixels, InlineArray<10, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 11 where V.tileRows >= 11: segmentTile(V.self, pixels, InlineArray<11, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 12 where V.tileRows >= 12: segmentTile(V.self, pixels, InlineArray<12, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 13 where V.tileRows >= 13: segmentTile(V.self, pixels, InlineArray<13, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      case 14 where V.tileRows >= 14: segmentTile(V.self, pixels, InlineArray<14, Bool>.self, width, p, a, b, ahead, aheadStep, c, residual)
      default: break
      }
      a += rows &* pixelStep
      c += rows &* p.cPixelStep
      residual = residual.map { $0 + rows &* V.count }
    }
  }
}

/// One tile of `rows` pixels and `vectors` blocks of outputs.
@inlinable @inline(__always)
func segmentTile<V: Lanes, Pixel, let step: Int, let rows: Int, let vectors: Int, let parts: Int>(
  _: V.Type, _: InlineArray<step, Pixel>.Type, _: InlineArray<rows, Bool>.Type, _: InlineArray<vectors, InlineArray<parts, Bool>>.Type,
  _ p: SegmentProduct, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ ahead: UnsafePointer<Float>, _ aheadStep: Int,
  _ c: UnsafeMutablePointer<Float>, _ residual: UnsafePointer<Float>?
) {
  let depth = MemoryLayout<Pixel>.size / MemoryLayout<Float>.size / parts, pixelStep = step &* depth
  let first = parts == 4 ? nil : p.bias  // sums of bytes are whole numbers at first
  var left = InlineArray<rows, V>(repeating: first.map { V.load($0) } ?? V.zero)
  var right = InlineArray<rows, V>(repeating: vectors == 2 ? first.map { V.load($0 + V.count) } ?? V.zero : V.zero)
  var b = b, ahead = ahead
  for s in 0..<p.segments {
    let a = a + p.offsets[s]
    for k in 0..<depth {
      let b0 = V.load(b), b1 = vectors == 2 ? V.load(b + V.count) : V.zero
      for r in 0..<rows {
        let x = V(repeating: a[r &* pixelStep &+ k])
        left[unchecked: r] = multiplyAddParts(InlineArray<parts, Bool>.self, x, b0, left[unchecked: r])
        if vectors == 2 { right[unchecked: r] = multiplyAddParts(InlineArray<parts, Bool>.self, x, b1, right[unchecked: r]) }
      }
      b += vectors &* V.count
      if depth > 1 {
        V.prefetch(a + (rows &+ k) &* pixelStep)  // the next tile's pixels, which lie in too many places for the processor to foresee
        V.prefetch(ahead)
        ahead += aheadStep
      }
    }
  }
  for s in p.segments..<p.segments &+ (parts == 1 ? p.tailSegments : 0) {
    let a = a + p.offsets[s]
    for k in 0..<p.tailDepth {
      let b0 = V.load(b), b1 = vectors == 2 ? V.load(b + V.count) : V.zero
      for r in 0..<rows {
        let x = V(repeating: a[r &* pixelStep &+ k])
        left[unchecked: r] = V.multiplyAdd(x, b0, left[unchecked: r])
        if vectors == 2 { right[unchecked: r] = V.multiplyAdd(x, b1, right[unchecked: r]) }
      }
      b += vectors &* V.count
    }
  }
  if parts == 4, let scale = p.scale, let bias = p.bias {
    let scale0 = V.load(scale), scale1 = vectors == 2 ? V.load(scale + V.count) : V.zero
    let bias0 = V.load(bias), bias1 = vectors == 2 ? V.load(bias + V.count) : V.zero
    for r in 0..<rows {
      left[unchecked: r] = V.number(ofInteger: left[unchecked: r]) * scale0 + bias0
      if vectors == 2 { right[unchecked: r] = V.number(ofInteger: right[unchecked: r]) * scale1 + bias1 }
    }
  }
  if let residual {
    for r in 0..<rows {
      left[unchecked: r] = left[unchecked: r] + V.load(residual + r &* V.count)
      if vectors == 2 { right[unchecked: r] = right[unchecked: r] + V.load(residual + (p.residualBlockStep &+ r &* V.count)) }
    }
  }
  if p.bias != nil && p.line.slope != 1 {
    let slope = V(repeating: p.line.slope)
    for r in 0..<rows {
      left[unchecked: r] = V.max(slope * left[unchecked: r], left[unchecked: r])
      if vectors == 2 { right[unchecked: r] = V.max(slope * right[unchecked: r], right[unchecked: r]) }
    }
  }
  if p.bias != nil {
    let lower = V(repeating: p.line.lower), upper = V(repeating: p.line.upper)
    for r in 0..<rows {
      left[unchecked: r] = V.min(upper, V.max(lower, left[unchecked: r]))
      if vectors == 2 { right[unchecked: r] = V.min(upper, V.max(lower, right[unchecked: r])) }
    }
  }
  for r in 0..<rows {
    left[unchecked: r].store(c + r &* p.cPixelStep)
    if vectors == 2 { right[unchecked: r].store(c + (p.cBlockStep &+ r &* p.cPixelStep)) }
  }
}

/// c + a · b, or in each lane c + Σ of the products of its `parts`.
@inlinable @inline(__always)
func multiplyAddParts<V: Lanes, let parts: Int>(_: InlineArray<parts, Bool>.Type, _ a: V, _ b: V, _ c: V) -> V {
  parts == 4 ? V.dotBytes(a, b, c) : parts == 2 ? V.dotPairs(a, b, c) : V.multiplyAdd(a, b, c)
}
