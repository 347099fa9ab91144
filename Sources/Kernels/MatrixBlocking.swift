import KernelTemplates

/// How a matrix product is cut: blocks of depth, rows and columns that fit the caches, and in them pieces of work for the threads. Shapes and cache sizes
/// decide, never the number of threads.
///
/// Two vectors of columns of a block's depth take a sixteenth of the second-level cache: pieces of work, some panels of rows and of columns, stay in it. Deeper
/// blocks than fit the first-level cache (Goto and van de Geijn, *Anatomy of High-Performance Matrix Multiplication*, 2008) read and write C less often.
struct MatrixBlocking: Sendable {
  /// The largest block: rows, a multiple of the tile's, columns and depth, multiples of two vectors and of one.
  let rows, columns, depth: Int
  let rowBlocks, columnBlocks, depthBlocks: Int

  init(rows: Int, columns: Int, depth: Int, kernels: KernelTable, caches: CacheSizes = .machine) {
    let lanes = kernels.lanes, width = 2 * lanes, float = MemoryLayout<Float>.stride
    func cut(_ count: Int, _ largest: Int, _ unit: Int) -> (size: Int, blocks: Int) {
      let blocks = max(1, (count + largest - 1) / max(1, largest))
      let size = (count + blocks - 1) / blocks
      let rounded = max(unit, (size + unit - 1) / unit * unit)
      return (rounded, max(1, (count + rounded - 1) / rounded))
    }
    (self.depth, depthBlocks) = cut(depth, max(lanes, caches.secondLevel / 16 / (width * float)), lanes)
    (self.rows, rowBlocks) = cut(rows, max(kernels.tileRows, 2 * caches.secondLevel / (self.depth * float)), kernels.tileRows)
    (self.columns, columnBlocks) = cut(columns, max(width, 2 * caches.secondLevel / (self.depth * float)), width)
  }

  func rows(of block: Int, in count: Int) -> Range<Int> { block * rows..<min(count, (block + 1) * rows) }
  func columns(of block: Int, in count: Int) -> Range<Int> { block * columns..<min(count, (block + 1) * columns) }
  func depths(of block: Int, in count: Int) -> Range<Int> { block * depth..<min(count, (block + 1) * depth) }
}
