/// A convolution whose weights do not change, ready to run: they are packed.
public struct Convolution: Sendable {
  public let plan: ConvolutionPlan
  private let packed: AlignedFloats

  /// - Parameters:
  ///   - weights: [outputs][channels / groups][kernel height][kernel width].
  ///   - bias: [outputs], or nil.
  public init(_ plan: ConvolutionPlan, weights: Span<Float>, bias: Span<Float>?, on processor: Processor) {
    self.plan = plan
    packed = AlignedFloats(count: plan.packedCount)
    plan.pack(weights, order: nil, bias: bias, to: packed.base, on: processor)
  }

  /// See ``ConvolutionPlan/run(_:packed:residual:into:scratch:on:)``.
  public func run(
    _ input: Span<Float>, residual: Span<Float>? = nil, into output: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
    on processor: Processor
  ) {
    plan.run(input, packed: UnsafePointer(packed.base), residual: residual, into: &output, scratch: &scratch, on: processor)
  }
}
