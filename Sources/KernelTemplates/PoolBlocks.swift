/// What pooling keeps of two elements, and what of a window with none.
@usableFromInline
protocol PoolingRule {
  associatedtype V: Lanes
  static var none: V { get }
  static func combine(_ a: V, _ b: V) -> V
  /// What becomes of the `count` elements of a window.
  static func finish(_ all: V, count: Int) -> V
}

@usableFromInline
enum KeepMaximum<V: Lanes>: PoolingRule {
  @inlinable @inline(__always) static var none: V { V(repeating: -.infinity) }
  @inlinable @inline(__always) static func combine(_ a: V, _ b: V) -> V { V.maximum(a, b) }
  @inlinable @inline(__always) static func finish(_ all: V, count: Int) -> V { all }
}

@usableFromInline
enum KeepMean<V: Lanes>: PoolingRule {
  @inlinable @inline(__always) static var none: V { V.zero }
  @inlinable @inline(__always) static func combine(_ a: V, _ b: V) -> V { a + b }
  @inlinable @inline(__always) static func finish(_ all: V, count: Int) -> V { count == 0 ? V.zero : all * V(repeating: 1 / Float(count)) }
}

/// See ``maxPool(_:_:)``, for a block of channels: a vector is one pixel, and all windows of a row are taken side by side.
@inlinable @inline(__always)
public func maxPoolBlock<V: Lanes>(_: V.Type, _ p: PoolingRows) { poolBlock(KeepMaximum<V>.self, p) }

/// See ``averagePool(_:_:)``, for a block of channels: sums are taken along a window's rows, then of the rows, or the other way round.
@inlinable @inline(__always)
public func averagePoolBlock<V: Lanes>(_: V.Type, _ p: PoolingRows) { poolBlock(KeepMean<V>.self, p) }

@inlinable @inline(__always)
func poolBlock<Rule: PoolingRule>(_: Rule.Type, _ p: PoolingRows) {
  typealias V = Rule.V
  let g = p.geometry, inside = g.inside
  for index in 0..<p.count {
    let target = p.y + index &* p.yRowStep, (from, to) = g.rows(p.first &+ index), top = p.x + from &* p.xRowStep
    if g.size > 3 {
      // Large windows overlap: down each column once, then across.
      for c in 0..<g.inputWidth {
        var all = Rule.none
        for r in 0..<to &- from { all = Rule.combine(all, V.load(top + (r &* p.xRowStep &+ c &* V.count))) }
        all.store(p.row + c &* V.count)
      }
      for j in 0..<g.outputWidth { poolWindow(Rule.self, g, p.row, 0, 1, to &- from, j, target) }
    } else {
      for j in 0..<inside.first { poolWindow(Rule.self, g, top, p.xRowStep, to &- from, to &- from, j, target) }
      let source = top + (inside.first &* g.stride &- g.left) &* V.count, wanted = target + inside.first &* V.count
      let count = inside.end &- inside.first
      if to &- from == 2 && g.size == 2 && g.stride == 2 {
        poolRow(Rule.self, InlineArray<2, Bool>.self, source, p.xRowStep, wanted, count, rows: 2, stride: 2)
      } else if to &- from == 3 && g.size == 3 && g.stride == 2 {
        poolRow(Rule.self, InlineArray<3, Bool>.self, source, p.xRowStep, wanted, count, rows: 3, stride: 2)
      } else if to &- from == 2 && g.size == 2 && g.stride == 1 {
        poolRow(Rule.self, InlineArray<2, Bool>.self, source, p.xRowStep, wanted, count, rows: 2, stride: 1)
      } else if to &- from == 3 && g.size == 3 && g.stride == 1 {
        poolRow(Rule.self, InlineArray<3, Bool>.self, source, p.xRowStep, wanted, count, rows: 3, stride: 1)
      } else {
        for j in inside.first..<inside.end { poolWindow(Rule.self, g, top, p.xRowStep, to &- from, to &- from, j, target) }
      }
      for j in inside.end..<g.outputWidth { poolWindow(Rule.self, g, top, p.xRowStep, to &- from, to &- from, j, target) }
    }
  }
}

/// Windows of `columns` columns that lie inside the map from left to right. Sizes are constants of the compiled loop; columns that two windows share are
/// combined once.
@inlinable @inline(__always)
func poolRow<Rule: PoolingRule, let columns: Int>(
  _: Rule.Type, _: InlineArray<columns, Bool>.Type, _ x: UnsafePointer<Float>, _ xRowStep: Int, _ y: UnsafeMutablePointer<Float>, _ count: Int,
  rows: Int, stride: Int
) {
  typealias V = Rule.V
  var seen = InlineArray<columns, V>(repeating: Rule.none)
  guard count > 0 else { return }
  for c in 0..<columns &- stride { seen[unchecked: c &+ stride] = poolColumn(Rule.self, x + c &* V.count, xRowStep, rows: rows) }
  for j in 0..<count {
    let corner = x + j &* stride &* V.count
    for c in 0..<columns &- stride { seen[unchecked: c] = seen[unchecked: c &+ stride] }
    for c in columns &- stride..<columns { seen[unchecked: c] = poolColumn(Rule.self, corner + c &* V.count, xRowStep, rows: rows) }
    var all = seen[unchecked: 0]
    for c in 1..<columns { all = Rule.combine(all, seen[unchecked: c]) }
    Rule.finish(all, count: rows &* columns).store(y + j &* V.count)
  }
}

@inlinable @inline(__always)
func poolColumn<Rule: PoolingRule>(_: Rule.Type, _ x: UnsafePointer<Float>, _ xRowStep: Int, rows: Int) -> Rule.V {
  var all = Rule.V.load(x)
  for r in 1..<rows { all = Rule.combine(all, Rule.V.load(x + r &* xRowStep)) }
  return all
}

/// One window, clipped at the left and right edge of the map. `height` rows are read, which stand for `heightOfWindow`.
@inlinable @inline(__always)
func poolWindow<Rule: PoolingRule>(
  _: Rule.Type, _ g: PoolingGeometry, _ x: UnsafePointer<Float>, _ xRowStep: Int, _ height: Int, _ heightOfWindow: Int, _ j: Int,
  _ y: UnsafeMutablePointer<Float>
) {
  typealias V = Rule.V
  let (first, end) = g.columns(j)
  var all = Rule.none
  for r in 0..<height {
    for c in first..<end { all = Rule.combine(all, V.load(x + (r &* xRowStep &+ c &* V.count))) }
  }
  Rule.finish(all, count: heightOfWindow &* (end &- first)).store(y + j &* V.count)
}
