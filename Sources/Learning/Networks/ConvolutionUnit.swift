public import Kernels
public import Tensors

/// y = f(BN(W ∗ x)): a convolution without bias, batch normalisation, and an activation (Ioffe & Szegedy 2015).
///
/// With a stride of 1, the maps keep their size unless `padding` says otherwise.
public struct ConvolutionUnit: Layer {
  public var conv: Conv2D
  public var bn: BatchNorm
  public let activation: Activation

  /// - Parameter padding: nil for (kernel − 1) / 2 on all sides.
  public init(
    _ channels: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: ConvolutionPadding? = nil, groups: Int = 1,
    activation: Activation = .relu, epsilon: Float = 1e-5, momentum: Float = 0.1, using random: inout RandomNumbers
  ) {
    conv = Conv2D(
      channels, outputs, kernel: kernel, stride: stride, padding: padding ?? .all((kernel - 1) / 2), groups: groups, hasBias: false, using: &random)
    bn = BatchNorm(outputs, epsilon: epsilon, momentum: momentum)
    self.activation = activation
  }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node { bn(conv(x), phase: phase).activated(activation) }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("conv", &conv)
    try visitor.visit("bn", &bn)
  }
}
