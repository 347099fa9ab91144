/// How pooling windows lie on one map.
@frozen public struct PoolingGeometry: Sendable, Hashable {
  public var inputHeight, inputWidth, outputHeight, outputWidth: Int
  public var size, stride, top, left: Int

  @inlinable public init(
    inputHeight: Int, inputWidth: Int, outputHeight: Int, outputWidth: Int, size: Int, stride: Int, top: Int, left: Int
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.size = size
    self.stride = stride
    self.top = top
    self.left = left
  }

  /// The rows of the map that the windows of output row `i` see; empty if they hang outside.
  @inlinable @inline(__always) public func rows(_ i: Int) -> (first: Int, end: Int) {
    let first = max(0, i &* stride &- top)
    return (first, max(first, min(inputHeight, i &* stride &- top &+ size)))
  }

  /// The columns of the map that the windows of output column `j` see; empty if they hang outside.
  @inlinable @inline(__always) public func columns(_ j: Int) -> (first: Int, end: Int) {
    let first = max(0, j &* stride &- left)
    return (first, max(first, min(inputWidth, j &* stride &- left &+ size)))
  }

  /// The output columns whose windows lie inside the map.
  @inlinable @inline(__always) public var inside: (first: Int, end: Int) {
    let first = min(outputWidth, (left &+ stride &- 1) / stride), room = inputWidth &+ left &- size
    return (first, room < 0 ? first : max(first, min(outputWidth, room / stride &+ 1)))
  }
}

/// Some rows of the pooling of one map, or of one block of them.
@frozen public struct PoolingRows {
  public var geometry: PoolingGeometry
  /// The first pixel of the map, and floats from one of its rows to the next.
  public var x: UnsafePointer<Float>
  public var xRowStep: Int
  /// Where output row `first` begins, floats from one row to the next, and which rows are written.
  public var y: UnsafeMutablePointer<Float>
  public var yRowStep, first, count: Int
  /// Working memory: a row of the map.
  public var row: UnsafeMutablePointer<Float>

  @inlinable public init(
    geometry: PoolingGeometry, x: UnsafePointer<Float>, xRowStep: Int, y: UnsafeMutablePointer<Float>, yRowStep: Int, first: Int, count: Int,
    row: UnsafeMutablePointer<Float>
  ) {
    self.geometry = geometry
    self.x = x
    self.xRowStep = xRowStep
    self.y = y
    self.yRowStep = yRowStep
    self.first = first
    self.count = count
    self.row = row
  }
}

/// y[i, j] = max of x[i·stride − top …< + size, j·stride − left …< + size] within one plain map; −∞ for a window wholly outside, NaN when a window holds one.
///
/// First the maximum down each column of a window's rows, by vectors, into `row`; then across.
@inlinable @inline(__always)
public func maxPool<V: Lanes>(_: V.Type, _ p: PoolingRows) {
  let g = p.geometry
  for index in 0..<p.count {
    let target = p.y + index &* p.yRowStep, (from, to) = g.rows(p.first &+ index)
    guard from < to else {
      for j in 0..<g.outputWidth { target[j] = -.infinity }
      continue
    }
    let top = p.x + from &* p.xRowStep
    var column = 0
    while column &+ V.count <= g.inputWidth {
      var most = V.load(top + column)
      for r in 1..<max(to &- from, 1) { most = V.maximum(most, V.load(top + (r &* p.xRowStep &+ column))) }
      most.store(p.row + column)
      column &+= V.count
    }
    while column < g.inputWidth {
      var most = top[column]
      for r in 1..<max(to &- from, 1) { most = maximum(most, top[r &* p.xRowStep &+ column]) }
      p.row[column] = most
      column &+= 1
    }
    if g.size == 2 && g.stride == 2 && g.left == 0 && g.outputWidth &* 2 <= g.inputWidth {
      for j in 0..<g.outputWidth { target[j] = maximum(p.row[2 &* j], p.row[2 &* j &+ 1]) }
    } else {
      for j in 0..<g.outputWidth {
        let (first, last) = g.columns(j)
        var most = -Float.infinity
        for c in first..<last { most = maximum(most, p.row[c]) }
        target[j] = most
      }
    }
  }
}

/// The larger of two numbers, NaN when either is.
@inlinable @inline(__always) func maximum(_ a: Float, _ b: Float) -> Float { a > b || a != a ? a : b }

/// y[i, j] = mean of the window's part inside one plain map, 0 for a window wholly outside; sums are taken in double precision.
@inlinable @inline(__always)
public func averagePool<V: Lanes>(_: V.Type, _ p: PoolingRows) {
  let g = p.geometry
  for index in 0..<p.count {
    let target = p.y + index &* p.yRowStep, (from, to) = g.rows(p.first &+ index)
    for j in 0..<g.outputWidth {
      let (first, last) = g.columns(j)
      var sum = 0.0
      for r in from..<to { for c in first..<last { sum += Double(p.x[r &* p.xRowStep &+ c]) } }
      let count = (to &- from) &* (last &- first)
      target[j] = count == 0 ? 0 : Float(sum / Double(count))
    }
  }
}
