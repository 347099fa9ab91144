/// Where element (line, depth) of an operand lies: `base + line · lineStep + depth · depthStep`, a line being a row of the left operand or a column of the
/// right one. One of the steps is 1: the depth's, or, if the operand lies the other way, the line's.
@frozen public struct MatrixLines {
  public var base: UnsafePointer<Float>
  public var lineStep, depthStep: Int
  /// How many lines there are.
  public var count: Int

  @inlinable public init(base: UnsafePointer<Float>, lineStep: Int, depthStep: Int, count: Int) {
    self.base = base
    self.lineStep = lineStep
    self.depthStep = depthStep
    self.count = count
  }

  /// The first `lines` lines of V × V from the given place, as [line][V]: depth after depth, zeros where there is none.
  @inlinable @inline(__always)
  func load<V: Lanes>(_: V.Type, line: Int, lines: Int, depth: Int, depths: Int, into target: UnsafeMutablePointer<Float>) {
    let source = base + (line &* lineStep &+ depth &* depthStep)
    if depthStep == 1 {
      if depths == V.count {
        for i in 0..<lines { V.load(source + i &* lineStep).store(target + i &* V.count) }
      } else {
        for i in 0..<lines { V.load(source + i &* lineStep, first: depths).store(target + i &* V.count) }
      }
    } else if depths == V.count && line &+ V.count <= count {
      V.transpose(source, depthStep, target, V.count)
    } else {
      for i in 0..<lines { for k in 0..<V.count { target[i &* V.count &+ k] = k < depths ? source[i &+ k &* depthStep] : 0 } }
    }
  }
}

/// Packs panels of rows for some of the depth, each as [depth in vectors][rows of the panel][V], the last vector filled up with zeros: the order in which tiles
/// read the left operand. Row number `firstRow` of the lines is the first of panel 0; panels lie one after the other from `target` on.
@inlinable @inline(__always)
public func packRows<V: Lanes>(
  _: V.Type, _ lines: MatrixLines, firstRow: Int, panels: RowPanels, rowPanels: Range<Int>, firstOfPanels: Int, depths: Range<Int>,
  into target: UnsafeMutablePointer<Float>
) {
  let rowLength = (depths.count &+ V.count &- 1) / V.count &* V.count
  if lines.depthStep == 1 {
    var row = firstOfPanels
    for panel in rowPanels {
      let rows = panels.height(of: panel)
      var depth = depths.lowerBound, target = target + row &* rowLength
      while depth < depths.upperBound {
        let left = depths.upperBound &- depth
        lines.load(V.self, line: firstRow &+ row, lines: rows, depth: depth, depths: left < V.count ? left : V.count, into: target)
        depth &+= V.count
        target += rows &* V.count
      }
      row &+= rows
    }
    return
  }
  var block = InlineArray<16, V>(repeating: V.zero)
  withUnsafeMutablePointer(to: &block) { block in
    let block = UnsafeMutableRawPointer(block).assumingMemoryBound(to: Float.self)
    // One vector of depth of all panels at a time: the operand is read along its rows.
    var depth = depths.lowerBound
    while depth < depths.upperBound {
      let left = depths.upperBound &- depth, count = left < V.count ? left : V.count
      var row = firstOfPanels
      for panel in rowPanels {
        let rows = panels.height(of: panel), target = target + (row &* rowLength &+ (depth &- depths.lowerBound) &* rows)
        lines.load(V.self, line: firstRow &+ row, lines: rows, depth: depth, depths: count, into: block)
        for r in 0..<rows { V.load(block + r &* V.count).store(target + r &* V.count) }
        row &+= rows
      }
      depth &+= V.count
    }
  }
}

/// Packs `panels` times two vectors of columns from `firstColumn` on, each as [depth][2 V], zeros where columns end: the order in which tiles read the right
/// operand. Panels begin `panelStep` floats apart.
@inlinable @inline(__always)
public func packColumns<V: Lanes>(
  _: V.Type, _ lines: MatrixLines, firstColumn: Int, panels: Int, depths: Range<Int>, panelStep: Int, into target: UnsafeMutablePointer<Float>
) {
  let width = 2 &* V.count
  if lines.depthStep != 1 {
    let source = lines.base + (firstColumn &+ depths.lowerBound &* lines.depthStep)
    for k in 0..<depths.count {
      for panel in 0..<panels {
        let source = source + (k &* lines.depthStep &+ panel &* width), target = target + (panel &* panelStep &+ k &* width)
        let left = lines.count &- firstColumn &- panel &* width
        if left >= width {
          V.load(source).store(target)
          V.load(source + V.count).store(target + V.count)
        } else {
          for j in 0..<width { target[j] = j < left ? source[j] : 0 }
        }
      }
    }
    return
  }
  for half in 0..<2 &* panels {
    let first = half &* V.count, remaining = lines.count &- firstColumn &- first, count = remaining < V.count ? remaining : V.count
    let source = lines.base + (firstColumn &+ first) &* lines.lineStep
    var depth = depths.lowerBound, target = target + (half / 2 &* panelStep &+ half % 2 &* V.count)
    while depth < depths.upperBound {
      let remaining = depths.upperBound &- depth, left = remaining < V.count ? remaining : V.count
      if count == V.count && left == V.count {
        V.transpose(source + depth, lines.lineStep, target, width)
      } else {
        for k in 0..<left { for j in 0..<V.count { target[k &* width &+ j] = j < count ? source[j &* lines.lineStep &+ depth &+ k] : 0 } }
      }
      target += V.count &* width
      depth &+= V.count
    }
  }
}
