/// A product with few rows whose right operand is read where it lies.
@frozen public struct SkinnyProduct {
  public var rows, columns, depth: Int
  /// [rows][depth], rows `aStride` apart.
  public var a: UnsafePointer<Float>
  public var aStride: Int
  /// Of ``dotRows(_:_:)`` [columns][depth], of ``combineRows(_:_:)`` [depth][columns], rows `bStride` apart.
  public var b: UnsafePointer<Float>
  public var bStride: Int
  public var c: UnsafeMutablePointer<Float>
  public var cRowStep, cColumnStep: Int
  /// What the sums begin with: nil for zeros.
  public var start: UnsafePointer<Float>?
  public var startRowStep, startColumnStep: Int

  @inlinable public init(
    rows: Int, columns: Int, depth: Int, a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>, bStride: Int, c: UnsafeMutablePointer<Float>,
    cRowStep: Int, cColumnStep: Int = 1, start: UnsafePointer<Float>?, startRowStep: Int, startColumnStep: Int = 1
  ) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.a = a
    self.aStride = aStride
    self.b = b
    self.bStride = bStride
    self.c = c
    self.cRowStep = cRowStep
    self.cColumnStep = cColumnStep
    self.start = start
    self.startRowStep = startRowStep
    self.startColumnStep = startColumnStep
  }
}

/// c[r, j] = start[r, j] + Σ_k a[r, k] · b[j, k] for a few rows and columns that both lie along k: read once, at the speed of memory.
///
/// Four columns at a time for up to four rows. Each sum is one vector of partial sums, added up at the end.
@inlinable @inline(__always)
public func dotRows<V: Lanes>(_: V.Type, _ p: SkinnyProduct) {
  var row = 0
  while row < p.rows {
    switch p.rows &- row {
    case 1:
      dotRows(V.self, InlineArray<1, Bool>.self, p, row)
      row &+= 1
    case 2:
      dotRows(V.self, InlineArray<2, Bool>.self, p, row)
      row &+= 2
    case 3 where V.tileRows > 6:
      dotRows(V.self, InlineArray<3, Bool>.self, p, row)
      row &+= 3
    case _ where V.tileRows > 6:
      dotRows(V.self, InlineArray<4, Bool>.self, p, row)
      row &+= 4
    default:
      dotRows(V.self, InlineArray<2, Bool>.self, p, row)
      row &+= 2
    }
  }
}

@inlinable @inline(__always)
func dotRows<V: Lanes, let rows: Int>(_: V.Type, _ count: InlineArray<rows, Bool>.Type, _ p: SkinnyProduct, _ row: Int) {
  var column = 0
  while column &+ 4 <= p.columns {
    dotTile(V.self, count, InlineArray<4, Bool>.self, p, row, column)
    column &+= 4
  }
  while column < p.columns {
    dotTile(V.self, count, InlineArray<1, Bool>.self, p, row, column)
    column &+= 1
  }
}

@inlinable @inline(__always)
func dotTile<V: Lanes, let rows: Int, let columns: Int>(
  _: V.Type, _: InlineArray<rows, Bool>.Type, _: InlineArray<columns, Bool>.Type, _ p: SkinnyProduct, _ row: Int, _ column: Int
) {
  // Two partial sums where four columns are one row's only chains.
  var sums = InlineArray<rows, InlineArray<columns, V>>(repeating: InlineArray(repeating: V.zero)), more = InlineArray<columns, V>(repeating: V.zero)
  let a = p.a + row &* p.aStride, b = p.b + column &* p.bStride
  var k = 0
  while rows == 1 && k &+ 2 &* V.count <= p.depth {
    let x = V.load(a + k), y = V.load(a + (k &+ V.count))
    for j in 0..<columns {
      sums[unchecked: 0][unchecked: j] = V.multiplyAdd(x, V.load(b + (j &* p.bStride &+ k)), sums[unchecked: 0][unchecked: j])
      more[unchecked: j] = V.multiplyAdd(y, V.load(b + (j &* p.bStride &+ k &+ V.count)), more[unchecked: j])
    }
    k &+= 2 &* V.count
  }
  while k &+ V.count <= p.depth {
    for j in 0..<columns {
      let y = V.load(b + (j &* p.bStride &+ k))
      for r in 0..<rows {
        sums[unchecked: r][unchecked: j] = V.multiplyAdd(V.load(a + (r &* p.aStride &+ k)), y, sums[unchecked: r][unchecked: j])
      }
    }
    k &+= V.count
  }
  withUnsafeTemporaryAllocation(of: Float.self, capacity: V.count) { lanes in
    let lanes = lanes.baseAddress.unsafelyUnwrapped
    for r in 0..<rows {
      for j in 0..<columns {
        (rows == 1 ? sums[unchecked: 0][unchecked: j] + more[unchecked: j] : sums[unchecked: r][unchecked: j]).store(lanes)
        var sum: Float = 0
        for lane in 0..<V.count { sum += lanes[lane] }
        for i in k..<p.depth { sum += a[r &* p.aStride &+ i] * b[j &* p.bStride &+ i] }
        let target = p.c + ((row &+ r) &* p.cRowStep &+ (column &+ j) &* p.cColumnStep)
        if let start = p.start { sum += start[(row &+ r) &* p.startRowStep &+ (column &+ j) &* p.startColumnStep] }
        target.pointee = sum
      }
    }
  }
}

/// c[r, :] = start[r, :] + Σ_k a[r, k] · b[k, :] for a few rows: rows of `b` are read along themselves, four at a time, while the row of `c` stays in the cache.
@inlinable @inline(__always)
public func combineRows<V: Lanes>(_: V.Type, _ p: SkinnyProduct) {
  for r in 0..<p.rows {
    let c = p.c + r &* p.cRowStep
    for j in 0..<p.columns { c[j] = p.start.map { $0[r &* p.startRowStep &+ j &* p.startColumnStep] } ?? 0 }
  }
  var k = 0
  while k < p.depth {
    if k &+ 4 <= p.depth {
      for r in 0..<p.rows { combine(V.self, InlineArray<4, Bool>.self, p, r, k) }
      k &+= 4
    } else {
      for r in 0..<p.rows { combine(V.self, InlineArray<1, Bool>.self, p, r, k) }
      k &+= 1
    }
  }
}

@inlinable @inline(__always)
func combine<V: Lanes, let depths: Int>(_: V.Type, _: InlineArray<depths, Bool>.Type, _ p: SkinnyProduct, _ r: Int, _ k: Int) {
  let a = p.a + (r &* p.aStride &+ k), b = p.b + k &* p.bStride, c = p.c + r &* p.cRowStep
  var factors = InlineArray<depths, V>(repeating: V.zero)
  for i in 0..<depths { factors[unchecked: i] = V(repeating: a[i]) }
  var j = 0
  while j &+ V.count <= p.columns {
    var sum = V.load(c + j)
    for i in 0..<depths { sum = V.multiplyAdd(factors[unchecked: i], V.load(b + (i &* p.bStride &+ j)), sum) }
    sum.store(c + j)
    j &+= V.count
  }
  while j < p.columns {
    for i in 0..<depths { c[j] += a[i] * b[i &* p.bStride &+ j] }
    j &+= 1
  }
}
