import KernelTemplates

/// y = depthwise(expansion(x)): a 1×1 convolution and the depthwise one after it, as in inverted residual blocks (Sandler et al. 2018), one panel of channels and
/// some rows at a time. The expanded maps, several times as large as what goes in and comes out, stay in the cache and are never written.
public struct ExpandedDepthwise: Sendable {
  private let depthwise: ConvolutionProblem
  private let kernels: KernelTable
  private let plan: DirectConvolutionPlan
  private let weights, bias, depthwiseWeights, depthwiseBias: AlignedFloats
  private let line: ClampedLine?
  private let bandRows, bands: Int

  /// Floats of expanded maps that a piece of work holds at most: 512 KiB, a part of a second-level cache.
  private static let largestPiece = 131_072

  /// Whether `expansion` and `depthwise` are of the kinds that this computes.
  public static func applies(_ expansion: ConvolutionProblem, _ depthwise: ConvolutionProblem) -> Bool {
    expansion.kernelHeight == 1 && expansion.kernelWidth == 1 && expansion.stride == 1 && expansion.top == 0 && expansion.left == 0
      && expansion.groups == 1 && !expansion.isPooled && expansion.residual == nil && expansion.output == depthwise.input && depthwise.isDepthwise
      && depthwise.dilation == 1 && !depthwise.isPooled && depthwise.residual == nil
  }

  /// - Parameters:
  ///   - weights: [expanded channels][channels][1][1]; bias: [expanded channels].
  ///   - depthwiseWeights: [expanded channels][1][kernel height][kernel width]; depthwiseBias: [expanded channels].
  public init(
    expansion: ConvolutionProblem, weights: Span<Float>, bias: Span<Float>, depthwise: ConvolutionProblem, depthwiseWeights: Span<Float>,
    depthwiseBias: Span<Float>, on processor: Processor
  ) {
    precondition(Self.applies(expansion, depthwise))
    precondition(weights.count == expansion.weightCount && depthwiseWeights.count == depthwise.weightCount)
    precondition(bias.count == expansion.output.channels && depthwiseBias.count == bias.count)
    self.depthwise = depthwise
    kernels = processor.kernels
    line = ClampedLine(depthwise.activation)
    let direct = DirectConvolution(expansion, places: nil, kernels: kernels), blocks = DepthwiseConvolution(depthwise, kernels: kernels)
    plan = direct.plan
    self.weights = AlignedFloats(count: direct.packedCount)
    self.depthwiseWeights = AlignedFloats(count: blocks.packedCount)
    let packed = self.weights.base, packedDepthwise = self.depthwiseWeights.base
    weights.withUnsafeBufferPointer { direct.pack($0.baseAddress!, expansion.weightOrder, into: packed, on: processor) }
    depthwiseWeights.withUnsafeBufferPointer { blocks.pack($0.baseAddress!, depthwise.weightOrder, into: packedDepthwise, on: processor) }
    self.bias = Self.padded(bias, lanes: kernels.lanes)
    self.depthwiseBias = Self.padded(depthwiseBias, lanes: kernels.lanes)

    bandRows = Self.bandRows(depthwise, lanes: kernels.lanes)
    bands = (depthwise.outputHeight + bandRows - 1) / bandRows
  }

  /// Rows of outputs that make a piece of work: as many as fit, in an even number of pieces or many.
  private static func bandRows(_ problem: ConvolutionProblem, lanes: Int) -> Int {
    let height = problem.outputHeight, panels = problem.input.batch * ((problem.input.blocks + 1) / 2)
    for count in 1..<max(1, height) {
      let rows = (height + count - 1) / count, pieces = panels * ((height + rows - 1) / rows)
      if pieceCount(problem, rows: rows, lanes: lanes) <= largestPiece, pieces >= 16 || (pieces >= 4 && pieces % 2 == 0) { return rows }
    }
    return 1
  }

  private static func padded(_ bias: Span<Float>, lanes: Int) -> AlignedFloats {
    let padded = AlignedFloats(count: (bias.count + 2 * lanes - 1) / (2 * lanes) * 2 * lanes)
    for output in 0..<padded.count { padded.base[output] = output < bias.count ? bias[output] : 0 }
    return padded
  }

  /// Floats of expanded maps that `rows` rows of outputs of one panel need: the windows' rows and columns, with the zeros around the picture.
  private static func pieceCount(_ problem: ConvolutionProblem, rows: Int, lanes: Int) -> Int {
    2 * ((rows - 1) * problem.stride + problem.kernelHeight) * ((problem.outputWidth - 1) * problem.stride + problem.kernelWidth) * lanes
  }

  /// How many floats of working memory a run needs.
  public static func scratchCount(_ depthwise: ConvolutionProblem, on processor: Processor) -> Int {
    let lanes = processor.kernels.lanes
    return processor.threads.threadCount * pieceCount(depthwise, rows: bandRows(depthwise, lanes: lanes), lanes: lanes)
  }

  /// `input` lies as the expansion's, `output` as the depthwise convolution's.
  public func run(_ input: Span<Float>, into output: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor) {
    precondition(input.count == plan.problem.input.count && output.count == depthwise.output.count)
    precondition(scratch.count >= Self.scratchCount(depthwise, on: processor))
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        scratch.withUnsafeMutableBufferPointer { scratch in
          guard let x = input.baseAddress, let y = output.baseAddress, let aside = scratch.baseAddress else { return }
          let pieces = depthwise.input.batch * bands * plan.groupPanels
          processor.threads.forEach(pieces, (operation: self, x: x, y: y, scratch: aside)) { work, thread, index in
            let operation = work.operation, panels = operation.plan.groupPanels
            let lanes = operation.kernels.lanes
            let expanded = work.scratch + thread * Self.pieceCount(operation.depthwise, rows: operation.bandRows, lanes: lanes)
            operation.compute(
              work.x, work.y, expanded, image: index / panels / operation.bands, band: index / panels % operation.bands, panel: index % panels)
          }
        }
      }
    }
  }

  private func compute(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ expanded: UnsafeMutablePointer<Float>, image: Int, band: Int, panel: Int
  ) {
    let input = plan.problem.input, output = depthwise.output, lanes = kernels.lanes, vectors = plan.vectors(ofPanel: panel)
    let rows = share(band, of: bands, in: depthwise.outputHeight)
    // The windows' rows and columns, of which some lie outside the picture and are zeros.
    let firstRow = rows.lowerBound * depthwise.stride - depthwise.top
    let height = (rows.count - 1) * depthwise.stride + depthwise.kernelHeight
    let width = (depthwise.outputWidth - 1) * depthwise.stride + depthwise.kernelWidth, rowStep = width * lanes, blockStep = height * rowStep
    let inside = min(max(0, firstRow), input.height)..<max(0, min(input.height, firstRow + height))
    let insideWidth = min(input.width, width - depthwise.left)
    for h in 0..<vectors {
      let block = expanded + h * blockStep
      kernels.clear(block, (inside.lowerBound - firstRow) * rowStep)
      kernels.clear(block + (inside.upperBound - firstRow) * rowStep, (firstRow + height - inside.upperBound) * rowStep)
      for row in inside {
        let line = block + (row - firstRow) * rowStep
        kernels.clear(line, depthwise.left * lanes)
        kernels.clear(line + (depthwise.left + insideWidth) * lanes, (width - depthwise.left - insideWidth) * lanes)
      }
    }
    let first = expanded + (inside.lowerBound - firstRow) * rowStep + depthwise.left * lanes
    kernels.multiplySegments(
      SegmentProduct(
        rows: inside.count, width: insideWidth, a: x + image * input.imageStride + input.origin + inside.lowerBound * input.rowStride,
        aRowStep: input.rowStride, offsets: UnsafePointer(plan.offsets.base), segments: plan.segments, tailSegments: plan.tailSegments,
        tailDepth: plan.tailDepth, b: UnsafePointer(weights.base + plan.panelStart(panel)), c: first, cRowStep: rowStep, cBlockStep: blockStep,
        cPixelStep: lanes, vectors: vectors, bias: UnsafePointer(bias.base + 2 * panel * lanes), line: plan.line ?? ClampedLine()))
    if plan.line == nil {
      for index in 0..<vectors * inside.count {
        let line = first + index / inside.count * blockStep + index % inside.count * rowStep
        kernels.activate(plan.problem.activation, 0, UnsafePointer(line), line, insideWidth * lanes)
      }
    }
    for h in 0..<vectors {
      let block = 2 * panel + h, target = y + image * output.imageStride + block * output.blockStride
      if band == 0 { kernels.clearBorder(output, target) }
      let line = target + output.origin + rows.lowerBound * output.rowStride
      kernels.convolveDepthwise(
        DepthwiseRows(
          kernelHeight: depthwise.kernelHeight, kernelWidth: depthwise.kernelWidth, stride: depthwise.stride, dilation: 1, rows: rows.count,
          width: depthwise.outputWidth, x: UnsafePointer(expanded + h * blockStep), xRowStep: rowStep,
          weights: UnsafePointer(depthwiseWeights.base + block * depthwise.kernelHeight * depthwise.kernelWidth * lanes),
          bias: UnsafePointer(depthwiseBias.base + block * lanes), y: line, yRowStep: output.rowStride,
          yPixelStep: lanes, line: self.line ?? ClampedLine()))
      guard self.line == nil else { continue }
      for row in 0..<rows.count {
        let place = line + row * output.rowStride
        kernels.activate(depthwise.activation, 0, UnsafePointer(place), place, depthwise.outputWidth * lanes)
      }
    }
  }
}
