import KernelTemplates

/// How large the numbers are that a ``ReducedConvolution`` multiplies.
enum NumberSize: Int, Sendable {
  /// Floats with the bits of bf16.
  case rounded = 1
  /// Two bf16 in 32 bits.
  case pair = 2
  /// Four bytes in 32 bits.
  case byte = 4
}

/// The sizes of a convolution of small numbers and how its work is cut, by its shape alone. Memory is counted in floats, whatever they hold.
struct ReducedConvolutionPlan: Sendable {
  /// As the caller has it, but a 1×1 convolution without borders is seen as one of fewer, longer rows.
  let problem: ConvolutionProblem
  let size: NumberSize
  let lanes: Int
  /// The input in small numbers: pixels that 1×1 windows skip are left out, and it has the border that windows reach into.
  let converted: FeatureMaps
  /// Each so many rows and columns of the input one is kept.
  let keptStep: Int
  /// Floats of a pixel, a row and a block of channels of it.
  let pixelCount, rowCount, blockCount: Int
  /// How rows with those of the border are shared out among pieces of work.
  let conversion: RowPanels
  let groups, groupBlocks, groupPanels: Int
  /// Where segments lie after the beginning of a window; where the first window begins; and how far apart rows of windows and pixels lie.
  let offsets: AlignedInts
  let segments, firstPixel, aRowStep, stride: Int
  let cut: ConvolutionCut
  let line: ClampedLine?

  /// Rows of so many floats make a piece of conversion, about.
  private static let convertedFloats = 16_384

  init(_ wanted: ConvolutionProblem, size: NumberSize, kernels: KernelTable) {
    var problem = wanted
    let lanes = kernels.lanes, isPointwise = problem.kernelHeight == 1 && problem.kernelWidth == 1 && problem.neededBorder == 0
    self.size = size
    self.lanes = lanes
    line = ClampedLine(problem.activation)
    groups = problem.groups
    groupBlocks = groups == 1 ? problem.output.blocks : problem.groupOutputs / lanes
    groupPanels = (groupBlocks + 1) / 2

    keptStep = isPointwise ? problem.stride : 1
    stride = isPointwise ? 1 : problem.stride
    let border = problem.neededBorder
    pixelCount = lanes / size.rawValue
    converted = FeatureMaps(
      batch: problem.input.batch, channels: problem.input.channels, height: isPointwise ? problem.outputHeight : problem.input.height,
      width: isPointwise ? problem.outputWidth : problem.input.width, layout: MapLayout(lanes: lanes, border: border))
    rowCount = (converted.width + 2 * border) * pixelCount
    let rows = converted.height + 2 * border
    blockCount = rows * rowCount
    conversion = RowPanels(rows: rows, largest: max(1, Self.convertedFloats / max(1, problem.input.rowStride)))

    if isPointwise, !problem.isPooled, problem.output.layout.border == 0, problem.residual == nil || problem.residual!.layout.border == 0 {
      // Long rows are cut into even tiles. The rows must be alike, so their number divides that of the pixels.
      let pixels = problem.output.height * problem.output.width
      let rows = (1...max(1, pixels / 56)).last { pixels % $0 == 0 } ?? 1
      problem.output.height = rows
      problem.output.width = pixels / rows
      problem.residual?.height = rows
      problem.residual?.width = pixels / rows
      aRowStep = pixels / rows * pixelCount
    } else {
      aRowStep = stride * rowCount
    }
    self.problem = problem
    firstPixel = (border - problem.top) * rowCount + (border - problem.left) * pixelCount
    var offsets: [Int] = []
    for block in 0..<problem.input.blocks / groups {
      for u in 0..<problem.kernelHeight {
        for v in 0..<problem.kernelWidth { offsets.append(block * blockCount + u * problem.dilation * rowCount + v * problem.dilation * pixelCount) }
      }
    }
    self.offsets = AlignedInts(offsets)
    segments = offsets.count
    cut = ConvolutionCut(
      problem, groups: groups, panels: groupPanels, depth: segments * pixelCount, lanes: lanes,
      rowFloats: blockCount * (problem.input.blocks / groups) / max(1, problem.outputHeight), largestBand: Self.largestBand)
  }

  /// Floats of the input that a band reads at most, if several panels pass over it: 512 KiB, within a second-level cache.
  private static let largestBand = 131_072

  var convertedCount: Int { (problem.input.batch * problem.input.blocks * blockCount + 15) / 16 * 16 }
  /// Two rows of outputs of one panel, before they are pooled.
  var rowPairCount: Int { problem.isPooled ? 4 * problem.outputWidth * lanes : 0 }
  func scratchCount(threadCount: Int) -> Int { convertedCount + threadCount * rowPairCount }
  /// Words of the depth of a panel.
  var depth: Int { segments * pixelCount }
  /// The panel of a group begins so far into its weights: [depth][2 V] each, the last one perhaps [depth][V].
  func panelStart(_ panel: Int) -> Int { depth * 2 * lanes * panel }
  var groupWeightCount: Int { depth * groupBlocks * lanes }
  var packedCount: Int { groups * groupWeightCount }
  func vectors(ofPanel panel: Int) -> Int { min(2, groupBlocks - 2 * panel) }
}
