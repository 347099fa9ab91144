public import Tensors

/// y = relu(BN(W₂ ∗ relu(BN(W₁ ∗ x))) + x), both windows 3×3: He et al., “Deep residual learning for image recognition”, 2016, figure 2.
///
/// The first convolution has the stride. Where maps change in number or size, x is projected: ``downsample``. The names of parameters are those of
/// torchvision's `BasicBlock`.
public struct ResidualBlock: Layer {
  public var conv1, conv2: Conv2D
  public var bn1, bn2: BatchNorm
  public var downsample: Sequential?

  public init(_ inputs: Int, _ outputs: Int, stride: Int = 1, using random: inout RandomNumbers) {
    conv1 = Conv2D(inputs, outputs, kernel: 3, stride: stride, padding: .all(1), hasBias: false, using: &random)
    bn1 = BatchNorm(outputs)
    conv2 = Conv2D(outputs, outputs, kernel: 3, padding: .all(1), hasBias: false, using: &random)
    bn2 = BatchNorm(outputs)
    downsample = shortcut(inputs, outputs, stride: stride, using: &random)
  }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let y = relu(bn1(conv1(x), phase: phase))
    return relu(bn2(conv2(y), phase: phase) + (downsample?(x, phase: phase) ?? x))
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("conv1", &conv1)
    try visitor.visit("bn1", &bn1)
    try visitor.visit("conv2", &conv2)
    try visitor.visit("bn2", &bn2)
    try visitor.visit("downsample", &downsample)
  }
}
