/// A transposed convolution whose weights do not change, ready to run: they are packed. It is the gradient of a convolution by its input, with a bias and an
/// activation.
public struct TransposedConvolution: Sendable {
  public let gradient: ConvolutionDataGradient
  private let packed: AlignedFloats

  /// - Parameters:
  ///   - weights: [channels of the input][outputs / groups][kernel height][kernel width].
  ///   - bias: [outputs], or nil.
  public init(_ gradient: ConvolutionDataGradient, weights: Span<Float>, bias: Span<Float>?, on processor: Processor) {
    self.gradient = gradient
    packed = AlignedFloats(count: gradient.packedCount)
    gradient.pack(weights, bias: bias, to: packed.base, on: processor)
  }

  public func run(_ input: Span<Float>, into output: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor) {
    gradient.run(input, packed: UnsafePointer(packed.base), into: &output, scratch: &scratch, on: processor)
  }
}
