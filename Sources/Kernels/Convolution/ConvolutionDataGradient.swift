import KernelTemplates

/// The gradient of a convolution by what it reads, and so also a transposed convolution:
///
/// dx[n, c, a, b] = f(bias[c] + Σ_o,u,v w[o, c, u, v] · dy[n, o, i, j]) over all i, j, u, v with i·stride + u·dilation − top = a, j·stride + v·dilation − left = b
///
/// With stride 1 it is a convolution of dy with the kernels turned by half a circle, the channels in the outputs' place. With a larger one, the places of dx are
/// sorted by the remainder of row and column: each of the stride² parts is a convolution of stride 1 by every so many rows and columns of the kernels, and
/// writes every so many rows and columns of dx. No product with a zero between the outputs is ever computed.
public struct ConvolutionDataGradient: Sendable {
  /// The convolution: its input is dx, its output dy, each in its layout.
  public let problem: ConvolutionProblem
  private let parts: [Part]

  /// The places of one remainder of row and column.
  private struct Part {
    var plan: ConvolutionPlan
    /// Where the weights of the part lie among those of the convolution.
    var order: WeightOrder
    /// Where they begin among the packed ones.
    var packedStart = 0
  }

  /// - Parameters:
  ///   - problem: without activation, residual and pooling; dx is blocked, dy has a border of at least ``border(of:)``.
  ///   - activation: f. No gradient has one, but a transposed convolution may.
  ///   - algorithm: of the problem's ``algorithms(for:on:isThorough:allowsLargeTiles:)``, nil for the first.
  public init(_ problem: ConvolutionProblem, activation: Activation = .linear, algorithm: ConvolutionAlgorithm? = nil, kernels: KernelTable) {
    precondition(problem.activation == .linear && problem.residual == nil && !problem.isPooled)
    self.problem = problem
    var parts: [Part] = [], packedStart = 0
    let algorithm = algorithm ?? Self.algorithms(for: problem, on: kernels)[0]
    for part in Self.parts(of: problem) {
      var convolution = part.problem
      convolution.activation = activation
      let places = problem.stride == 1 ? nil : OutputPlaces(problem.input, row: part.row, column: part.column, stride: problem.stride)
      let plan = ConvolutionPlan(convolution, algorithm: algorithm, places: places, kernels: kernels)
      parts.append(Part(plan: plan, order: part.order, packedStart: packedStart))
      packedStart += plan.packedCount
    }
    self.parts = parts
    packedCount = packedStart
  }

  /// How wide a border dy must have.
  public static func border(of problem: ConvolutionProblem) -> Int { parts(of: problem).reduce(0) { max($0, $1.problem.neededBorder) } }

  /// The algorithms that can compute the gradient, the one that is usually fastest first.
  public static func algorithms(
    for problem: ConvolutionProblem, on kernels: KernelTable, isThorough: Bool = true, allowsLargeTiles: Bool = false
  ) -> [ConvolutionAlgorithm] {
    if problem.stride == 1 {
      var convolution = parts(of: problem)[0].problem
      // A picture's few channels fill few lanes of a block, and yet Winograd's algorithms take half the time.
      if problem.groups == 1 { convolution.output.channels = max(convolution.output.channels, kernels.lanes) }
      return convolution.algorithms(on: kernels, isThorough: isThorough, allowsLargeTiles: allowsLargeTiles)
    }
    return problem.isDepthwise && problem.output.layout.lanes > 1 ? [.depthwise, .direct] : [.direct]
  }

  /// How many floats the packed weights take.
  public let packedCount: Int

  /// How many floats of working memory a run needs, one that packs the weights first or one that does not.
  public func scratchCount(threadCount: Int, isPacking: Bool = false) -> Int {
    parts.reduce(0) { max($0, $1.plan.scratchCount(threadCount: threadCount)) } + (isPacking ? packedCount : 0)
  }

  /// Packs the weights of the convolution, [outputs][channels / groups][kernel height][kernel width], and a bias, [channels] or nil for zeros.
  public func pack(_ weights: Span<Float>, bias: Span<Float>? = nil, into packed: inout MutableSpan<Float>, on processor: Processor) {
    precondition(packed.count >= packedCount)
    packed.withUnsafeMutableBufferPointer { pack(weights, bias: bias, to: $0.baseAddress!, on: processor) }
  }

  func pack(_ weights: Span<Float>, bias: Span<Float>?, to packed: UnsafeMutablePointer<Float>, on processor: Processor) {
    precondition(weights.count == problem.weightCount, "expected \(problem.weightCount) weights, found \(weights.count)")
    for part in parts { part.plan.pack(weights, order: part.order, bias: bias, to: packed + part.packedStart, on: processor) }
  }

  /// `packed` is what ``pack(_:bias:into:on:)`` wrote. The border of dx is written, too.
  public func run(
    _ dy: Span<Float>, packed: Span<Float>, into dx: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    precondition(packed.count >= packedCount)
    packed.withUnsafeBufferPointer { run(dy, packed: $0.baseAddress!, into: &dx, scratch: &scratch, on: processor) }
  }

  func run(
    _ dy: Span<Float>, packed: UnsafePointer<Float>, into dx: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    for part in parts {
      part.plan.run(dy, packed: packed + part.packedStart, residual: nil, into: &dx, scratch: &scratch, on: processor)
    }
  }

  /// Packs weights that change from run to run into working memory, and runs.
  public func run(
    _ dy: Span<Float>, packing weights: Span<Float>, bias: Span<Float>? = nil, into dx: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
    on processor: Processor
  ) {
    precondition(scratch.count >= scratchCount(threadCount: processor.threads.threadCount, isPacking: true))
    scratch.withUnsafeMutableBufferPointer { scratch in
      let packed = scratch.baseAddress!
      pack(weights, bias: bias, to: packed, on: processor)
      var rest = MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: scratch[packedCount...]))
      run(dy, packed: packed, into: &dx, scratch: &rest, on: processor)
    }
  }
}

extension ConvolutionDataGradient {
  /// The convolutions of dy that make up dx, the one that writes the first pixel first.
  private static func parts(of problem: ConvolutionProblem) -> [(problem: ConvolutionProblem, row: Int, column: Int, order: WeightOrder)] {
    let window = problem.kernelHeight * problem.kernelWidth, groupWeights = problem.groupOutputs * problem.groupChannels * window
    var parts: [(problem: ConvolutionProblem, row: Int, column: Int, order: WeightOrder)] = []
    for row in 0..<min(problem.stride, problem.input.height) {
      let rows = GradientAxis(
        first: row, size: problem.input.height, window: problem.kernelHeight, stride: problem.stride, dilation: problem.dilation, padding: problem.top)
      for column in 0..<min(problem.stride, problem.input.width) {
        let columns = GradientAxis(
          first: column, size: problem.input.width, window: problem.kernelWidth, stride: problem.stride, dilation: problem.dilation,
          padding: problem.left)
        var output = problem.input
        output.height = rows.places
        output.width = columns.places
        // Pixels that no output has seen have a kernel without a place.
        let isSeen = rows.taps > 0 && columns.taps > 0
        parts.append(
          (
            ConvolutionProblem(
              input: problem.output, output: output, kernelHeight: isSeen ? rows.taps : 0, kernelWidth: isSeen ? columns.taps : 0,
              dilation: rows.dilation, top: isSeen ? rows.padding : 0, left: isSeen ? columns.padding : 0, groups: problem.groups),
            row, column,
            WeightOrder(
              start: isSeen ? rows.lastTap * problem.kernelWidth + columns.lastTap : 0, groupStep: groupWeights, outputStep: window,
              channelStep: problem.groupChannels * window, rowStep: -rows.tapStep * problem.kernelWidth, columnStep: -columns.tapStep)
          ))
      }
    }
    return parts
  }
}

/// One axis of a part of the gradient: the places first, first + stride, … below `size`, and the places u of the window that reach them:
/// u·dilation ≡ first + padding modulo the stride.
private struct GradientAxis {
  /// How many places there are.
  let places: Int
  /// How many places of the window, how far apart they lie, and the last, which is read first.
  let taps, tapStep, lastTap: Int
  /// The part as a convolution.
  let dilation, padding: Int

  init(first: Int, size: Int, window: Int, stride: Int, dilation windowDilation: Int, padding windowPadding: Int) {
    places = (size - first + stride - 1) / stride
    let start = (0..<window).first { ($0 * windowDilation - first - windowPadding) % stride == 0 }
    // The next such place is as many steps away as make whole strides.
    tapStep = (1...stride).first { $0 * windowDilation % stride == 0 }!
    dilation = tapStep * windowDilation / stride
    guard let start else {
      (taps, lastTap, padding) = (0, 0, 0)
      return
    }
    taps = (window - 1 - start) / tapStep + 1
    lastTap = start + (taps - 1) * tapStep
    padding = (taps - 1) * dilation - (first + windowPadding - start * windowDilation) / stride
  }
}
