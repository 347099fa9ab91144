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
}

/// y[i, j] = max of x[i·stride − top …< + size, j·stride − left …< + size] within one map; −∞ for a window wholly outside, NaN when a window holds one.
///
/// First the maximum down each column of a window's rows, by vectors, into `row`; then across.
@inlinable @inline(__always)
public func maxPool<V: Lanes>(
  _: V.Type, _ g: PoolingGeometry, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, row: UnsafeMutablePointer<Float>
) {
  for i in 0..<g.outputHeight {
    let from = max(0, i &* g.stride &- g.top), to = min(g.inputHeight, i &* g.stride &- g.top &+ g.size)
    let target = y + i &* g.outputWidth
    guard from < to else {
      for j in 0..<g.outputWidth { target[j] = -.infinity }
      continue
    }
    var column = 0
    while column < g.inputWidth {
      if column &+ V.count <= g.inputWidth {
        var most = V.load(x + from &* g.inputWidth + column)
        for r in from &+ 1..<max(to, from &+ 1) { most = V.maximum(most, V.load(x + r &* g.inputWidth + column)) }
        most.store(row + column)
        column &+= V.count
      } else {
        var most = x[from &* g.inputWidth &+ column]
        for r in from &+ 1..<max(to, from &+ 1) { most = maximum(most, x[r &* g.inputWidth &+ column]) }
        row[column] = most
        column &+= 1
      }
    }
    if g.size == 2 && g.stride == 2 && g.left == 0 && g.outputWidth &* 2 <= g.inputWidth {
      for j in 0..<g.outputWidth { target[j] = maximum(row[2 &* j], row[2 &* j &+ 1]) }
    } else {
      for j in 0..<g.outputWidth {
        let first = max(0, j &* g.stride &- g.left), last = min(g.inputWidth, j &* g.stride &- g.left &+ g.size)
        var most = -Float.infinity
        for c in first..<max(first, last) { most = maximum(most, row[c]) }
        target[j] = most
      }
    }
  }
}

/// The larger of two numbers, NaN when either is.
@inlinable @inline(__always) func maximum(_ a: Float, _ b: Float) -> Float { a > b || a != a ? a : b }

/// y[i, j] = mean of the window's part inside the map, 0 for a window wholly outside; sums are taken in double precision.
@inlinable @inline(__always)
public func averagePool<V: Lanes>(
  _: V.Type, _ g: PoolingGeometry, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
) {
  for i in 0..<g.outputHeight {
    let from = max(0, i &* g.stride &- g.top), to = max(from, min(g.inputHeight, i &* g.stride &- g.top &+ g.size))
    for j in 0..<g.outputWidth {
      let first = max(0, j &* g.stride &- g.left), last = max(first, min(g.inputWidth, j &* g.stride &- g.left &+ g.size))
      var sum = 0.0
      for r in from..<to { for c in first..<last { sum += Double(x[r &* g.inputWidth &+ c]) } }
      let count = (to &- from) &* (last &- first)
      y[i &* g.outputWidth &+ j] = count == 0 ? 0 : Float(sum / Double(count))
    }
  }
}
