/// How a matrix product is cut, by its shape alone: into blocks of rows and columns that threads take as pieces of work, and into blocks of depth, so that a
/// block of the right-hand matrix stays in the second-level cache.
struct ProductBlocking: Sendable {
  /// How deep a block is at most: a panel of it then fills half of a first-level cache of 32 KiB.
  static let largestDepth = 256
  /// How many floats a block has at most: 256 KiB, half of a second-level cache of 512 KiB.
  static let largestBlock = 65_536
  /// How many pieces of work there should be: enough that threads end at about the same time.
  static let wantedPieces = 16
  /// How many floats of packed blocks are kept at a time when several pieces of work share them: 8 MiB, within a third-level cache.
  static let largestPanels = 2_097_152

  let depthBlocks, columnBlocks, rowBlocks: Int
  /// How many blocks of depth are packed at a time, when blocks of rows share them.
  let depthBlocksAtOnce: Int
  private let depth, columns, panels, panelWidth: Int

  /// - Parameters:
  ///   - panels: how many panels the rows are cut into; a block of rows is a run of panels.
  ///   - panelWidth: how many columns a panel of the right-hand matrix has; a block of columns is a whole number of panels.
  init(panels: Int, columns: Int, depth: Int, panelWidth: Int) {
    self.panels = panels
    self.columns = columns
    self.depth = depth
    self.panelWidth = panelWidth
    depthBlocks = max(1, (depth + Self.largestDepth - 1) / Self.largestDepth)
    let deepest = (depth + depthBlocks - 1) / depthBlocks
    let columnPanels = (columns + panelWidth - 1) / panelWidth
    let fitting = max(1, Self.largestBlock / (max(1, deepest) * panelWidth))
    columnBlocks = max(1, (columnPanels + fitting - 1) / fitting)
    rowBlocks = max(1, min(panels, (Self.wantedPieces + columnBlocks - 1) / columnBlocks))
    let blocks = deepest * ((columnPanels + columnBlocks - 1) / columnBlocks) * panelWidth * columnBlocks
    depthBlocksAtOnce = max(1, min(depthBlocks, Self.largestPanels / max(1, blocks)))
  }

  /// How many floats a block of the right-hand matrix takes, with the vector that packing writes after it.
  var blockCount: Int {
    let deepest = (depth + depthBlocks - 1) / depthBlocks
    let columnPanels = (columns + panelWidth - 1) / panelWidth
    return deepest * ((columnPanels + columnBlocks - 1) / columnBlocks) * panelWidth + panelWidth
  }

  func depths(of block: Int) -> Range<Int> { share(depth, of: block, in: depthBlocks) }
  func panels(of block: Int) -> Range<Int> { share(panels, of: block, in: rowBlocks) }

  func columns(of block: Int) -> Range<Int> {
    let panels = share((columns + panelWidth - 1) / panelWidth, of: block, in: columnBlocks)
    return panels.lowerBound * panelWidth..<min(columns, panels.upperBound * panelWidth)
  }

  /// The part of `total` that falls to `index` when it is cut into `count` nearly equal parts.
  private func share(_ total: Int, of index: Int, in count: Int) -> Range<Int> {
    total * index / count..<total * (index + 1) / count
  }
}
