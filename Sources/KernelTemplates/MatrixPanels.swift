/// A part of a matrix product whose left operand is packed: see ``multiplyPanels(_:_:)``.
@frozen public struct PanelProduct {
  /// How the rows of the packed operand are cut into panels, and which of them take part.
  public var panels: RowPanels
  public var rowPanels: Range<Int>
  /// The first row of the first of them.
  public var firstRow: Int
  /// How many columns.
  public var columns: Int
  /// How many products a sum.
  public var depth: Int
  /// The first panel of all: panels as `packRows` writes them, one after the other, [depth in vectors][rows of the panel][V] each.
  public var a: UnsafePointer<Float>
  /// Two vectors of columns: rows `bStride` apart, the next two vectors `bPanelStep` later; the last two are read whole, wherever the columns end.
  public var b: UnsafePointer<Float>
  public var bStride, bPanelStep: Int
  /// The result, beginning with the first row of all.
  public var c: UnsafeMutablePointer<Float>
  public var cStride: Int
  /// What the sums begin with: nil for zeros, one row of biases (`startStride` 0), or `c` itself.
  public var start: UnsafePointer<Float>?
  public var startStride: Int

  public init(
    panels: RowPanels, rowPanels: Range<Int>, columns: Int, depth: Int, a: UnsafePointer<Float>, b: UnsafePointer<Float>, bStride: Int, bPanelStep: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, start: UnsafePointer<Float>?, startStride: Int
  ) {
    self.panels = panels
    self.rowPanels = rowPanels
    firstRow = panels.firstRow(of: rowPanels.lowerBound)
    self.columns = columns
    self.depth = depth
    self.a = a
    self.b = b
    self.bStride = bStride
    self.bPanelStep = bPanelStep
    self.c = c
    self.cStride = cStride
    self.start = start
    self.startStride = startStride
  }
}

/// C = S + A · B for some panels of rows and some columns. Two vectors of columns stay in the first-level cache while the rows pass.
@inlinable @inline(__always)
public func multiplyPanels<V: Lanes>(_: V.Type, _ p: PanelProduct) {
  let width = 2 &* V.count, segments = p.depth / V.count, tail = p.depth &- segments &* V.count
  let rowLength = (p.depth &+ V.count &- 1) / V.count &* V.count
  var zeros = InlineArray<2, V>(repeating: V.zero)
  var aside = InlineArray<28, V>(repeating: V.zero)  // as many rows as a tile can have
  withUnsafeMutablePointer(to: &zeros) { zeros in
    withUnsafeMutablePointer(to: &aside) { aside in
      let zeros = UnsafePointer(UnsafeMutableRawPointer(zeros).assumingMemoryBound(to: Float.self))
      let aside = UnsafeMutableRawPointer(aside).assumingMemoryBound(to: Float.self)
      var column = 0, b = p.b
      while column < p.columns {
        let left = p.columns &- column
        var firstRow = p.firstRow, ahead = b + p.bPanelStep
        for panel in p.rowPanels {
          let rows = p.panels.height(of: panel)
          let a = p.a + firstRow &* rowLength, c = p.c + (firstRow &* p.cStride &+ column)
          let start = p.start.map { $0 + (firstRow &* p.startStride &+ column) } ?? zeros
          let startStride = p.start == nil ? 0 : p.startStride
          let next = UnsafePointer(panel &+ 1 < p.rowPanels.upperBound ? c + rows &* p.cStride : p.c + (p.firstRow &* p.cStride &+ column &+ width))
          if left >= width {
            matrixTile(
              V.self, rows: rows, segments: segments, tail: tail, a, b, bStride: p.bStride, start: start, startStride: startStride, c,
              cStride: p.cStride, next: next, ahead: ahead)
          } else {
            // The tile works on a copy: what lies beside C may belong to somebody else.
            for r in 0..<rows { for j in 0..<width { aside[r &* width &+ j] = j < left ? start[r &* startStride &+ j] : 0 } }
            matrixTile(
              V.self, rows: rows, segments: segments, tail: tail, a, b, bStride: p.bStride, start: aside, startStride: width, aside, cStride: width,
              next: next, ahead: ahead)
            for r in 0..<rows { for j in 0..<left { c[r &* p.cStride &+ j] = aside[r &* width &+ j] } }
          }
          firstRow &+= rows
          ahead += segments &* width
        }
        column &+= width
        b += p.bPanelStep
      }
    }
  }
}
