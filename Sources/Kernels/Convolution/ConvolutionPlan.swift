import KernelTemplates

/// How a convolution is computed: an algorithm and how its work is cut, by the sizes alone. Weights are packed in the order in which the algorithm reads them,
/// once if they do not change, else before each run.
public struct ConvolutionPlan: Sendable {
  public let problem: ConvolutionProblem
  public let algorithm: ConvolutionAlgorithm

  private enum Plan: Sendable {
    case direct(DirectConvolution)
    case depthwise(DepthwiseConvolution)
    case winograd(WinogradConvolution)
  }

  private let plan: Plan
  private let places: OutputPlaces

  /// - Parameter algorithm: one of the problem's ``ConvolutionProblem/algorithms(on:isThorough:allowsLargeTiles:)``, nil for the first.
  public init(_ problem: ConvolutionProblem, algorithm: ConvolutionAlgorithm? = nil, kernels: KernelTable) {
    self.init(problem, algorithm: algorithm, places: nil, kernels: kernels)
  }

  /// - Parameter places: where outputs go if not to maps of their own; not for Winograd's algorithms.
  init(_ problem: ConvolutionProblem, algorithm: ConvolutionAlgorithm?, places: OutputPlaces?, kernels: KernelTable) {
    precondition(problem.input.layout.border >= problem.neededBorder, "windows reach beyond the border")
    precondition([1, kernels.lanes].contains(problem.input.layout.lanes) && problem.output.layout.lanes == kernels.lanes)
    self.problem = problem
    self.places = places ?? OutputPlaces(problem.output)
    self.algorithm = algorithm ?? problem.algorithms(on: kernels)[0]
    switch self.algorithm {
    case .direct: plan = .direct(DirectConvolution(problem, places: places, kernels: kernels))
    case .depthwise: plan = .depthwise(DepthwiseConvolution(problem, places: places, kernels: kernels))
    case .winograd(let size, let sharesOutputs):
      plan = .winograd(WinogradConvolution(problem, size: size, sharesOutputs: sharesOutputs, kernels: kernels))
    }
  }

  /// How many floats the packed weights take, and after them the bias: whole cache lines.
  public var packedCount: Int { (packedWeightCount + paddedBiasCount(problem) + 15) / 16 * 16 }

  private var packedWeightCount: Int {
    let count =
      switch plan {
      case .direct(let convolution): convolution.packedCount
      case .depthwise(let convolution): convolution.packedCount
      case .winograd(let convolution): convolution.packedCount
      }
    return (count + 15) / 16 * 16  // the bias begins on a cache line
  }

  /// How many floats of working memory a run needs, one that packs the weights first or one that does not.
  public func scratchCount(threadCount: Int, isPacking: Bool = false) -> Int {
    let count =
      switch plan {
      case .direct(let convolution): convolution.scratchCount(threadCount: threadCount)
      case .depthwise: 0
      case .winograd(let convolution): convolution.scratchCount(threadCount: threadCount)
      }
    return isPacking ? packedCount + count : count
  }

  /// Packs weights that lie as `order` says, nil for [outputs][channels / groups][kernel height][kernel width], and the bias, [outputs] or nil for zeros.
  public func pack(
    _ weights: Span<Float>, order: WeightOrder? = nil, bias: Span<Float>?, into packed: inout MutableSpan<Float>, on processor: Processor
  ) {
    precondition(packed.count >= packedCount)
    packed.withUnsafeMutableBufferPointer { pack(weights, order: order, bias: bias, to: $0.baseAddress!, on: processor) }
  }

  func pack(_ weights: Span<Float>, order: WeightOrder?, bias: Span<Float>?, to packed: UnsafeMutablePointer<Float>, on processor: Processor) {
    precondition(order != nil || weights.count == problem.weightCount, "expected \(problem.weightCount) weights, found \(weights.count)")
    precondition(bias == nil || bias!.count == problem.output.channels)
    weights.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      let order = order ?? problem.weightOrder
      switch plan {
      case .direct(let convolution): convolution.pack(weights, order, into: packed, on: processor)
      case .depthwise(let convolution): convolution.pack(weights, order, into: packed, on: processor)
      case .winograd(let convolution): convolution.pack(weights, order, into: packed, on: processor)
      }
    }
    let padded = packed + packedWeightCount
    for output in 0..<paddedBiasCount(problem) { padded[output] = output < problem.output.channels ? bias?[output] ?? 0 : 0 }
  }

  /// Packs weights that change from run to run into working memory, and runs.
  public func run(
    _ input: Span<Float>, packing weights: Span<Float>, order: WeightOrder? = nil, bias: Span<Float>?, residual: Span<Float>? = nil,
    into output: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    precondition(scratch.count >= scratchCount(threadCount: processor.threads.threadCount, isPacking: true))
    scratch.withUnsafeMutableBufferPointer { scratch in
      let packed = scratch.baseAddress!
      pack(weights, order: order, bias: bias, to: packed, on: processor)
      run(input, packed: packed, residual: residual, into: &output, scratch: packed + packedCount, on: processor)
    }
  }

  /// `input`, `residual` and `output` lie as the problem says; `packed` is what ``pack(_:order:bias:into:on:)`` wrote. The border of `output` is written, too.
  public func run(
    _ input: Span<Float>, packed: Span<Float>, residual: Span<Float>? = nil, into output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    precondition(packed.count >= packedCount)
    packed.withUnsafeBufferPointer { packed in
      run(input, packed: packed.baseAddress!, residual: residual, into: &output, scratch: &scratch, on: processor)
    }
  }

  func run(
    _ input: Span<Float>, packed: UnsafePointer<Float>, residual: Span<Float>?, into output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    precondition(scratch.count >= scratchCount(threadCount: processor.threads.threadCount))
    scratch.withUnsafeMutableBufferPointer {
      run(input, packed: packed, residual: residual, into: &output, scratch: $0.baseAddress, on: processor)
    }
  }

  /// ``run(_:packed:residual:into:scratch:on:)`` with working memory that is known to suffice.
  private func run(
    _ input: Span<Float>, packed: UnsafePointer<Float>, residual: Span<Float>?, into output: inout MutableSpan<Float>,
    scratch: UnsafeMutablePointer<Float>?, on processor: Processor
  ) {
    precondition(input.count == problem.input.count && output.count == places.maps.count)
    precondition((residual == nil) == (problem.residual == nil) && (residual == nil || residual!.count == problem.residual!.count))
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let x = input.baseAddress, let y = output.baseAddress else { return }
        var maps = ConvolutionMaps(x: x, weights: packed, bias: packed + packedWeightCount, residual: nil, y: y, scratch: scratch ?? y)
        guard let residual else { return run(maps, on: processor) }
        residual.withUnsafeBufferPointer {
          maps.residual = $0.baseAddress
          run(maps, on: processor)
        }
      }
    }
  }

  private func run(_ maps: ConvolutionMaps, on processor: Processor) {
    switch plan {
    case .direct(let convolution): convolution.run(maps, on: processor)
    case .depthwise(let convolution): convolution.run(maps, on: processor)
    case .winograd(let convolution): convolution.run(maps, on: processor)
    }
  }
}

/// What a run of a convolution works on.
struct ConvolutionMaps {
  var x, weights, bias: UnsafePointer<Float>
  var residual: UnsafePointer<Float>?
  var y, scratch: UnsafeMutablePointer<Float>
}

/// How many floats the bias takes, filled up with zeros to whole panels.
private func paddedBiasCount(_ problem: ConvolutionProblem) -> Int { (problem.output.blocks + 1) * problem.output.layout.lanes }
