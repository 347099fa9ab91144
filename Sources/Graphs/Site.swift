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

/// How much is done before the first run.
public enum Preparation: Sendable {
  /// Little: for a program that runs a few times.
  case quick
  /// Whatever makes runs faster, such as transforming weights, which takes the time of several runs and four times their memory.
  case thorough
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
