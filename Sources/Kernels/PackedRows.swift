import KernelTemplates

/// A matrix of weights in the order in which a matrix product reads it: panels of rows, each [depth][rows of the panel].
struct PackedRows: Sendable {
  let rows: Int
  let depth: Int
  let panels: RowPanels
  private let floats: AlignedFloats

  /// Packs `matrix`, [rows][depth] row-major, for tiles of at most `tileRows` rows.
  init(_ matrix: UnsafePointer<Float>, rows: Int, depth: Int, tileRows: Int) {
    self.rows = rows
    self.depth = depth
    panels = RowPanels(rows: rows, largest: tileRows)
    floats = AlignedFloats(count: rows * depth)
    var target = floats.base, source = matrix
    for panel in 0..<panels.count {
      let height = panels.height(of: panel)
      for row in 0..<height {
        let line = source + row * depth
        for k in 0..<depth { target[k &* height &+ row] = line[k] }
      }
      target += height * depth
      source += height * depth
    }
  }

  /// Where the panel that begins with `row` lies.
  func address(ofRow row: Int) -> UnsafePointer<Float> { UnsafePointer(floats.base + row * depth) }
}
