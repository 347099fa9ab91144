import KernelTemplates

/// The sizes of a convolution by Winograd's F(m×m, 3×3) and how its work is cut, by its shape alone; everything but the weights.
struct WinogradPlan: Sendable {
  let problem: ConvolutionProblem
  let geometry: WinogradGeometry
  let kernels: KernelTable
  /// Whether threads share out the outputs of all tiles, rather than blocks of tiles.
  let sharesOutputs: Bool
  /// How the tiles are cut into blocks of nearly equal size.
  let blocks: RowPanels
  /// How many tiles a block has at most.
  let capacity: Int
  /// Where the blocks of channels of a plane of transformed inputs lie.
  let offsets: AlignedInts

  /// How many floats the transformed inputs of a block take at most: 512 KiB, in the second-level cache with the weights of a panel.
  private static let largestBlock = 131_072

  /// Tiles that are transformed at once when threads share the outputs, at most.
  private static let largestShared = 128

  init(_ problem: ConvolutionProblem, size: Int, sharesOutputs: Bool, kernels: KernelTable) {
    self.problem = problem
    self.kernels = kernels
    self.sharesOutputs = sharesOutputs
    geometry = WinogradGeometry(
      size: size, input: problem.input, output: problem.output, outputHeight: problem.outputHeight, outputWidth: problem.outputWidth,
      top: problem.top, left: problem.left, isPooled: problem.isPooled)
    let tiles = geometry.tiles
    if sharesOutputs {
      blocks = RowPanels(rows: tiles, largest: min(tiles, Self.largestShared))
    } else {
      // One or more groups of tile rows, and an even number of blocks, so that two threads end together.
      let fitting = Self.largestBlock / (geometry.planes * geometry.input.blocks * kernels.lanes)
      let groups = max(1, min(28, fitting) / kernels.tileRows)
      let count = (tiles + groups * kernels.tileRows - 1) / (groups * kernels.tileRows)
      blocks = RowPanels(rows: tiles, largest: (tiles + (count + count % 2) - 1) / (count + count % 2))
    }
    capacity = blocks.height(of: 0)
    let segment = capacity * kernels.lanes
    offsets = AlignedInts((0..<geometry.input.blocks).map { $0 * segment })
  }

  /// The pictures whose first tile is one of these.
  func images(beginningIn tiles: Range<Int>) -> Range<Int> {
    let size = geometry.imageTiles
    return (tiles.lowerBound + size - 1) / size..<(tiles.upperBound + size - 1) / size
  }

  /// The tiles of block number `index`.
  func tiles(of index: Int) -> Range<Int> { blocks.firstRow(of: index)..<blocks.firstRow(of: index + 1) }

  func vectors(ofPanel panel: Int) -> Int { min(2, geometry.output.blocks - 2 * panel) }
  /// Floats that the transformed weights of one panel of two blocks of outputs take.
  var panelCount: Int { geometry.planes * geometry.input.channels * 2 * kernels.lanes }
  var transformedCount: Int { geometry.planes * geometry.planeStride(tiles: capacity) }
  var productCount: Int { geometry.planes * geometry.productStride(tiles: capacity) }

  /// How many floats of working memory a run needs.
  func scratchCount(threadCount: Int) -> Int {
    sharesOutputs ? transformedCount + threadCount * productCount : threadCount * (transformedCount + productCount)
  }
}
