/// A product summed over the pixels of maps: what the weight gradients of convolutions are made of.
///
/// For each row r and output o: c[r, o] += Σ_l,p a[place[l] + p · aPixelStep + offset[r]] · b[l · bLineStep + p, o]
///
/// A row is a channel of the input at a place of the window; places and offsets say where it lies, so that blocked and plain maps, strides and dilations, rows
/// of maps and pixels from anywhere are all the same. If the rows are vectors, there is a sum for each channel by itself: c[r, o] += Σ_l,p a[… + offset[r] + o] ·
/// b[…, o].
@frozen public struct PixelProduct {
  /// How many lines of pixels are summed, how many pixels each has, and where it lies in `a` and in `b`.
  public var lines, width: Int
  public var aPlaces, bPlaces: UnsafePointer<Int>
  public var a: UnsafePointer<Float>
  public var aPixelStep: Int
  /// Where each row lies, in floats after a pixel.
  public var offsets: UnsafePointer<Int>
  public var rows: Int
  /// Pixel p of output block h (h = 0, 1) lies at `b + h · bBlockStep + p` vectors.
  public var b: UnsafePointer<Float>
  public var bBlockStep: Int
  /// How many blocks of outputs there are: 1 or 2.
  public var vectors: Int
  /// [rows][vectors · V]
  public var c: UnsafeMutablePointer<Float>
  /// [vectors · V], to which Σ_l,p b[…, o] is added, or nil.
  public var sums: UnsafeMutablePointer<Float>?

  @inlinable public init(
    lines: Int, width: Int, aPlaces: UnsafePointer<Int>, bPlaces: UnsafePointer<Int>, a: UnsafePointer<Float>, aPixelStep: Int,
    offsets: UnsafePointer<Int>, rows: Int, b: UnsafePointer<Float>, bBlockStep: Int, vectors: Int, c: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Float>?
  ) {
    self.lines = lines
    self.width = width
    self.aPlaces = aPlaces
    self.bPlaces = bPlaces
    self.a = a
    self.aPixelStep = aPixelStep
    self.offsets = offsets
    self.rows = rows
    self.b = b
    self.bBlockStep = bBlockStep
    self.vectors = vectors
    self.c = c
    self.sums = sums
  }
}

extension Lanes {
  /// How many rows of two vectors a tile of a ``PixelProduct`` has: a divisor of the lanes, and no more than the registers hold.
  @inlinable @inline(__always) static var pixelRows: Int { count >= 16 ? 8 : 4 }
}

/// See ``PixelProduct``: each row a number.
@inlinable @inline(__always)
public func multiplyPixels<V: Lanes>(_: V.Type, _ p: PixelProduct) {
  if p.vectors == 2 {
    multiplyPixelRows(V.self, InlineArray<2, Bool>.self, p, isBroadcast: true)
  } else {
    multiplyPixelRows(V.self, InlineArray<1, Bool>.self, p, isBroadcast: true)
  }
}

/// See ``PixelProduct``: each row a vector, and one block of outputs.
@inlinable @inline(__always)
public func multiplyPixelVectors<V: Lanes>(_: V.Type, _ p: PixelProduct) {
  multiplyPixelRows(V.self, InlineArray<1, Bool>.self, p, isBroadcast: false)
}

@inlinable @inline(__always)
func multiplyPixelRows<V: Lanes, let vectors: Int>(_: V.Type, _ width: InlineArray<vectors, Bool>.Type, _ p: PixelProduct, isBroadcast: Bool) {
  let groups = RowPanels(rows: p.rows, largest: V.pixelRows)
  var offsets = p.offsets, c = p.c
  for group in 0..<groups.count {
    let rows = groups.height(of: group)
    // Each number of rows is compiled for itself, so that its sums are registers; those beyond what the registers hold, not at all.
    switch rows {
    case 1: pixelTile(V.self, InlineArray<1, Bool>.self, width, p, offsets, c, isBroadcast: isBroadcast)
    case 2: pixelTile(V.self, InlineArray<2, Bool>.self, width, p, offsets, c, isBroadcast: isBroadcast)
    case 3: pixelTile(V.self, InlineArray<3, Bool>.self, width, p, offsets, c, isBroadcast: isBroadcast)
    case 4: pixelTile(V.self, InlineArray<4, Bool>.self, width, p, offsets, c, isBroadcast: isBroadcast)
    case 5 where V.pixelRows >= 5: pixelTile(V.self, InlineArray<5, Bool>.self, width, p, offsets, c, isBroadcast: isBroadcast)
    case 6 where V.pixelRows >= 6: pixelTile(V.self, InlineArray<6, Bool>.self, width, p, offsets, c, isBroadcast: isBroadcast)
    case 7 where V.pixelRows >= 7: pixelTile(V.self, InlineArray<7, Bool>.self, width, p, offsets, c, isBroadcast: isBroadcast)
    case 8 where V.pixelRows >= 8: pixelTile(V.self, InlineArray<8, Bool>.self, width, p, offsets, c, isBroadcast: isBroadcast)
    default: break
    }
    offsets += rows
    c += rows &* vectors &* V.count
  }
  guard let sums = p.sums else { return }
  var left = V.load(sums), right = vectors == 2 ? V.load(sums + V.count) : V.zero
  for line in 0..<p.lines {
    let b = p.b + p.bPlaces[line]
    for pixel in 0..<p.width {
      left = left + V.load(b + pixel &* V.count)
      if vectors == 2 { right = right + V.load(b + (p.bBlockStep &+ pixel &* V.count)) }
    }
  }
  left.store(sums)
  if vectors == 2 { right.store(sums + V.count) }
}

/// The sums of `rows` rows and `vectors` blocks of outputs.
@inlinable @inline(__always)
func pixelTile<V: Lanes, let rows: Int, let vectors: Int>(
  _: V.Type, _: InlineArray<rows, Bool>.Type, _: InlineArray<vectors, Bool>.Type, _ p: PixelProduct, _ offsets: UnsafePointer<Int>,
  _ c: UnsafeMutablePointer<Float>, isBroadcast: Bool
) {
  var starts = InlineArray<rows, Int>(repeating: 0)
  var left = InlineArray<rows, V>(repeating: V.zero), right = InlineArray<rows, V>(repeating: V.zero)
  for r in 0..<rows {
    starts[unchecked: r] = offsets[r]
    left[unchecked: r] = V.load(c + r &* vectors &* V.count)
    if vectors == 2 { right[unchecked: r] = V.load(c + (2 &* r &+ 1) &* V.count) }
  }
  for line in 0..<p.lines {
    var a = p.a + p.aPlaces[line], b = p.b + p.bPlaces[line]
    for _ in 0..<p.width {
      let b0 = V.load(b), b1 = vectors == 2 ? V.load(b + p.bBlockStep) : V.zero
      for r in 0..<rows {
        let x = isBroadcast ? V(repeating: a[starts[unchecked: r]]) : V.load(a + starts[unchecked: r])
        left[unchecked: r] = V.multiplyAdd(x, b0, left[unchecked: r])
        if vectors == 2 { right[unchecked: r] = V.multiplyAdd(x, b1, right[unchecked: r]) }
      }
      a += p.aPixelStep
      b += V.count
    }
  }
  for r in 0..<rows {
    left[unchecked: r].store(c + r &* vectors &* V.count)
    if vectors == 2 { right[unchecked: r].store(c + (2 &* r &+ 1) &* V.count) }
  }
}

/// target[o · targetStep + r] = Σ_part c[part, r, o] for `rows` rows and `columns` of `width` columns, parts `partStep` floats apart: sums that lie a vector of
/// outputs each, turned so that each output's lie together. The parts are added in their order.
@inlinable @inline(__always)
public func turnSums<V: Lanes>(
  _: V.Type, _ c: UnsafePointer<Float>, width: Int, rows: Int, columns: Int, parts: Int, partStep: Int, _ target: UnsafeMutablePointer<Float>,
  targetStep: Int
) {
  for column in 0..<columns {
    let line = target + column &* targetStep
    var source = c + column
    for row in 0..<rows {
      var sum = source[0]
      for part in 1..<max(1, parts) { sum = sum + source[part &* partStep] }
      line[row] = sum
      source += width
    }
  }
}
