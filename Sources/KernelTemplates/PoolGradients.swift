/// The gradient of the pooling of one map, or of one block of them. Rows of x, dx and dy lie so many floats apart; the pointers are those of first pixels.
@frozen public struct PoolingGradient {
  public var geometry: PoolingGeometry
  public var x: UnsafePointer<Float>
  public var xRowStep: Int
  public var dy: UnsafePointer<Float>
  public var dyRowStep: Int
  public var dx: UnsafeMutablePointer<Float>
  public var dxRowStep: Int

  @inlinable public init(
    geometry: PoolingGeometry, x: UnsafePointer<Float>, xRowStep: Int, dy: UnsafePointer<Float>, dyRowStep: Int, dx: UnsafeMutablePointer<Float>,
    dxRowStep: Int
  ) {
    self.geometry = geometry
    self.x = x
    self.xRowStep = xRowStep
    self.dy = dy
    self.dyRowStep = dyRowStep
    self.dx = dx
    self.dxRowStep = dxRowStep
  }
}

/// dx[r, c] += dy[i, j] at the first place of each window's maximum, for a block of channels; dx begins as zeros.
@inlinable @inline(__always)
public func maxPoolGradientBlock<V: Lanes>(_: V.Type, _ p: PoolingGradient) {
  eachWindow(p.geometry) { rows, columns, i, j in
    var most = V(repeating: -.infinity)
    for r in rows.0..<rows.1 { for c in columns.0..<columns.1 { most = V.max(V.load(p.x + (r &* p.xRowStep &+ c &* V.count)), most) } }
    var left = V.load(p.dy + (i &* p.dyRowStep &+ j &* V.count))
    for r in rows.0..<rows.1 {
      for c in columns.0..<columns.1 {
        let x = V.load(p.x + (r &* p.xRowStep &+ c &* V.count)), target = p.dx + (r &* p.dxRowStep &+ c &* V.count)
        (V.load(target) + V.select(x, lessThan: most, V.zero, else: left)).store(target)
        left = V.select(x, lessThan: most, left, else: V.zero)
      }
    }
  }
}

/// The same for a plain map.
@inlinable @inline(__always)
public func maxPoolGradient<V: Lanes>(_: V.Type, _ p: PoolingGradient) {
  eachWindow(p.geometry) { rows, columns, i, j in
    var most = -Float.infinity, place: (Int, Int)? = nil
    for r in rows.0..<rows.1 {
      for c in columns.0..<columns.1 where place == nil || p.x[r &* p.xRowStep &+ c] > most {
        most = p.x[r &* p.xRowStep &+ c]
        place = (r, c)
      }
    }
    if let (r, c) = place { p.dx[r &* p.dxRowStep &+ c] += p.dy[i &* p.dyRowStep &+ j] }
  }
}

/// dx[r, c] += dy[i, j] / (pixels of the window inside the map) for all pixels of each window, `lanes` 1 or V; dx begins as zeros.
@inlinable @inline(__always)
public func averagePoolGradient<V: Lanes>(_: V.Type, _ p: PoolingGradient, lanes: Int) {
  eachWindow(p.geometry) { rows, columns, i, j in
    let share = 1 / Float((rows.1 &- rows.0) &* (columns.1 &- columns.0)), source = p.dy + (i &* p.dyRowStep &+ j &* lanes)
    for r in rows.0..<rows.1 {
      for c in columns.0..<columns.1 {
        let target = p.dx + (r &* p.dxRowStep &+ c &* lanes)
        if lanes == 1 { target[0] += source[0] * share } else { (V.load(target) + V.load(source) * V(repeating: share)).store(target) }
      }
    }
  }
}

@inlinable @inline(__always)
func eachWindow(_ g: PoolingGeometry, _ body: (_ rows: (Int, Int), _ columns: (Int, Int), _ i: Int, _ j: Int) -> Void) {
  for i in 0..<g.outputHeight {
    let rows = g.rows(i)
    for j in 0..<g.outputWidth { body(rows, g.columns(j), i, j) }
  }
}

/// y[p] = scale · x for `count` floats: one number, or the lanes of one pixel again and again.
@inlinable @inline(__always)
public func repeatPixel<V: Lanes>(
  _: V.Type, _ x: UnsafePointer<Float>, lanes: Int, scale: Float, _ y: UnsafeMutablePointer<Float>, count: Int
) {
  let pixel = (lanes == 1 ? V(repeating: x[0]) : V.load(x)) * V(repeating: scale)
  var index = 0
  while index &+ V.count <= count {
    pixel.store(y + index)
    index &+= V.count
  }
  if index < count { pixel.store(y + index, first: count &- index) }
}
