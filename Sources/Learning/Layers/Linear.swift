import Graphs
import Kernels
public import Tensors

/// y = x · Wᵀ + b, with x [batch, inputs], W [outputs, inputs] and b [outputs].
public struct Linear: Layer {
  public var weight: Parameter
  public var bias: Parameter?

  public init(
    _ inputs: Int, _ outputs: Int, hasBias: Bool = true, initializer: Initializer = .heUniform, using random: inout RandomNumbers
  ) {
    weight = Parameter(initializer.tensor([outputs, inputs], using: &random))
    bias = hasBias ? Parameter(Tensor([outputs])) : nil
  }

  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node {
    x.recorder.append(FullyConnected(), [x, weight.node(in: x.recorder)] + (bias.map { [$0.node(in: x.recorder)] } ?? []))
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("weight", &weight)
    try visitor.visit("bias", &bias)
  }
}
