import KernelTemplates

/// One run of a ``MatrixProduct`` by packed blocks: all threads pack a block of rows and a block of columns, then all multiply pieces of them.
struct MatrixProductCall: Sendable {
  let product: MatrixProduct
  let kernels: KernelTable
  nonisolated(unsafe) let a: UnsafePointer<Float>
  nonisolated(unsafe) let b: MatrixProduct.RightOperand
  nonisolated(unsafe) let start: UnsafePointer<Float>?
  let startStride: Int
  let activation: Activation
  nonisolated(unsafe) let c: UnsafeMutablePointer<Float>
  nonisolated(unsafe) let packedRows: UnsafeMutablePointer<Float>
  nonisolated(unsafe) let packedColumns: UnsafeMutablePointer<Float>

  func run(on threads: ThreadPool) {
    let blocking = product.blocking
    for columnBlock in 0..<blocking.columnBlocks {
      for depthBlock in 0..<blocking.depthBlocks {
        for rowBlock in 0..<blocking.rowBlocks {
          let block = Block(self, columnBlock: columnBlock, depthBlock: depthBlock, rowBlock: rowBlock)
          let pieces = block.rowPieces * block.columnPieces
          guard product.rows * product.columns * product.depth > 1 << 19 else {  // it would be done before a second thread had begun
            pack(block, 0, of: 1)
            for index in 0..<pieces { multiply(block, index) }
            continue
          }
          threads.forEach(Self.packings, (self, block)) { work, _, index in work.0.pack(work.1, index, of: MatrixProductCall.packings) }
          threads.forEach(pieces, (self, block)) { work, _, index in work.0.multiply(work.1, index) }
        }
      }
    }
  }

  /// One block of each operand.
  private struct Block: Sendable {
    let rows, columns, depths: Range<Int>
    let panels: RowPanels
    let columnPanels, rowPieces, columnPieces: Int
    let packsColumns, isLast: Bool

    init(_ call: MatrixProductCall, columnBlock: Int, depthBlock: Int, rowBlock: Int) {
      let product = call.product, blocking = product.blocking
      rows = blocking.rows(of: rowBlock, in: product.rows)
      columns = blocking.columns(of: columnBlock, in: product.columns)
      depths = blocking.depths(of: depthBlock, in: product.depth)
      panels = RowPanels(rows: rows.count, largest: product.tileRows)
      columnPanels = (columns.count + 2 * product.lanes - 1) / (2 * product.lanes)
      // Large pieces use what is in the caches often, many share the work evenly: the largest of which there are enough. An even number of rows' pieces is
      // for two threads, each of which then reads the rows that it packed.
      var rowPieces = 1, columnPieces = 1
      var height = 20, width = 4
      repeat {
        rowPieces = (panels.count + height - 1) / height
        columnPieces = (columnPanels + width - 1) / width
        if rowPieces > 1 { rowPieces += rowPieces % 2 }
        if width > 1 { width /= 2 } else { height /= 2 }
      } while rowPieces * columnPieces < 16 && height > 1
      (self.rowPieces, self.columnPieces) = (rowPieces, columnPieces)
      packsColumns = rowBlock == 0 && call.packsColumns
      isLast = depthBlock == blocking.depthBlocks - 1
    }

    func rowPanels(of piece: Int) -> Range<Int> { share(piece, of: rowPieces, in: panels.count) }
    func columnPanels(of piece: Int) -> Range<Int> { share(piece, of: columnPieces, in: columnPanels) }
  }

  /// Whether the right operand is packed in each run: not where it lies as tiles read it and is used a few times only.
  private var packsColumns: Bool {
    guard case .plain = b else { return false }
    return product.transposesB || product.columns % (2 * product.lanes) != 0 || product.rows > 2 * product.tileRows
  }

  /// How many pieces of packing there are.
  private static let packings = 16

  /// Packs a share of the rows, and of the columns if they are not packed yet: of the depth, where the operand is read along its rows.
  private func pack(_ block: Block, _ index: Int, of shares: Int) {
    let width = 2 * product.lanes, count = block.depths.count
    if block.packsColumns, case .plain(let b) = b {
      let lines = MatrixLines(
        base: b, lineStep: product.transposesB ? product.bStride : 1, depthStep: product.transposesB ? 1 : product.bStride, count: product.columns)
      let panels = product.transposesB ? share(index, of: shares, in: block.columnPanels) : 0..<block.columnPanels
      let depths = product.transposesB ? 0..<count : share(index, of: shares, in: count)
      kernels.packColumns(
        lines, block.columns.lowerBound + panels.lowerBound * width, panels.count,
        block.depths.lowerBound + depths.lowerBound..<block.depths.lowerBound + depths.upperBound, width * count,
        packedColumns + (panels.lowerBound * count + depths.lowerBound) * width)
    }
    let lines = MatrixLines(
      base: a, lineStep: product.transposesA ? 1 : product.aStride, depthStep: product.transposesA ? product.aStride : 1, count: product.rows)
    let rowPanels = share(index, of: shares, in: block.panels.count)
    kernels.packRows(
      lines, block.rows.lowerBound, block.panels, rowPanels, block.panels.firstRow(of: rowPanels.lowerBound), block.depths, packedRows)
  }

  private func multiply(_ block: Block, _ index: Int) {
    let width = 2 * product.lanes
    let columnPanels = block.columnPanels(of: index % block.columnPieces), rowPanels = block.rowPanels(of: index / block.columnPieces)
    let column = block.columns.lowerBound + columnPanels.lowerBound * width
    let columns = min(product.columns, block.columns.lowerBound + columnPanels.upperBound * width) - column
    let panel: UnsafePointer<Float>, bStride: Int, bPanelStep: Int
    switch b {
    case .packed(let b):
      (bStride, bPanelStep) = (width, width * product.depth)
      panel = b + column * product.depth + block.depths.lowerBound * width
    case .plain(let b) where !packsColumns:
      (bStride, bPanelStep) = (product.bStride, width)
      panel = b + block.depths.lowerBound * product.bStride + column
    case .plain:
      (bStride, bPanelStep) = (width, width * block.depths.count)
      panel = UnsafePointer(packedColumns + columnPanels.lowerBound * bPanelStep)
    }
    let c = c + block.rows.lowerBound * product.cStride + column
    let isFirst = block.depths.lowerBound == 0
    kernels.multiplyPanels(
      PanelProduct(
        panels: block.panels, rowPanels: rowPanels, columns: columns, depth: block.depths.count, a: UnsafePointer(packedRows), b: panel,
        bStride: bStride, bPanelStep: bPanelStep, c: c, cStride: product.cStride,
        start: isFirst ? start.map { $0 + block.rows.lowerBound * startStride + column } : UnsafePointer(c),
        startStride: isFirst ? startStride : product.cStride))
    guard block.isLast, activation != .linear else { return }
    for row in block.panels.firstRow(of: rowPanels.lowerBound)..<block.panels.firstRow(of: rowPanels.upperBound) {
      kernels.activate(activation, 0, UnsafePointer(c + row * product.cStride), c + row * product.cStride, columns)
    }
  }
}
