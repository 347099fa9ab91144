import Kernels
import Tensors

/// What is known of a node when its kernel is prepared.
public struct Site: Sendable {
  /// The shapes of the inputs.
  public let inputs: [Shape]
  /// The values of those inputs that are constants, nil for the others.
  public let constants: [Tensor?]
  /// The shape of the result.
  public let output: Shape
  /// How the inputs and the result lie in memory.
  public let inputLayouts: [MapLayout], outputLayout: MapLayout
  /// Which inputs lie where the result wants them, so that nothing is left to do for them: see ``Operation/places(ofInputs:in:)``.
  let isPlaced: [Bool]
  public let processor: Processor
  public let preparation: Preparation

  /// The sizes and layout of an input.
  func maps(ofInput index: Int) -> FeatureMaps { inputs[index].maps(in: inputLayouts[index]) }
  /// The sizes and layout of the result.
  var outputMaps: FeatureMaps { output.maps(in: outputLayout) }
}

extension Site {
  /// - Parameter isPlaced: see the property; nil when no input is.
  init(of index: Graph.Index, in graph: Graph, isPlaced: [Bool]? = nil, processor: Processor, preparation: Preparation) {
    let node = graph[index]
    self.init(
      inputs: node.inputs.map { graph[$0].shape }, constants: node.inputs.map { graph.constantValue($0) }, output: node.shape,
      inputLayouts: node.inputs.map { graph[$0].layout }, outputLayout: node.layout,
      isPlaced: isPlaced ?? node.inputs.map { _ in false }, processor: processor, preparation: preparation)
  }
}

/// How much is done before the first run.
public struct Preparation: Sendable {
  /// Little: for a program that runs a few times.
  public static let quick = Preparation(isThorough: false)
  /// Whatever makes runs faster, such as transforming weights, which takes the time of several runs and four times their memory.
  public static let thorough = Preparation(isThorough: true)

  let isThorough: Bool
  /// Whether convolutions may be computed by Winograd's F(6×6), whose errors are some seven times those of the others.
  public var allowsLargeTiles = false
  /// The measured times by which the fastest algorithm of a convolution is chosen; nil to estimate it.
  public var tuning: ConvolutionTuning?

  private init(isThorough: Bool) { self.isThorough = isThorough }
}

/// A kernel with everything prepared but the memory it works on.
public struct KernelCall: Sendable {
  public typealias Body = @Sendable (_ inputs: borrowing Operands, _ output: inout MutableSpan<Float>, _ scratch: inout MutableSpan<Float>) -> Void

  let body: Body
  /// How the result is computed where there is a choice, such as `winograd F(4×4)`, for listings.
  let detail: String

  public init(_ detail: String = "", _ body: @escaping Body) {
    self.detail = detail
    self.body = body
  }
}

/// The values of a node's inputs during a run.
@safe public struct Operands: ~Escapable {
  private let inputs: UnsafeBufferPointer<Span>
  typealias Span = (address: UnsafePointer<Float>, count: Int)

  @_lifetime(borrow inputs)
  init(_ inputs: borrowing UnsafeBufferPointer<Span>) { unsafe self.inputs = copy inputs }

  public subscript(index: Int) -> Swift.Span<Float> {
    @_lifetime(borrow self) get {
      let input = unsafe inputs[index]
      return unsafe _overrideLifetime(Swift.Span(_unsafeStart: input.address, count: input.count), borrowing: self)
    }
  }
}
