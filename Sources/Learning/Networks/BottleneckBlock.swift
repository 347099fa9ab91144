public import Tensors

/// y = relu(BN(W₃ ∗ relu(BN(W₂ ∗ relu(BN(W₁ ∗ x))))) + x) with windows 1×1, 3×3 and 1×1: the middle has few maps, the ends four times as many (He et
/// al. 2016, figure 5).
///
/// The 3×3 convolution has the stride, as in torchvision, whose `Bottleneck` has the same names of parameters; in the paper it is the first 1×1.
public struct BottleneckBlock: Layer {
  /// How many times as many maps come out as the middle has.
  public static let expansion = 4

  public var conv1, conv2, conv3: Conv2D
  public var bn1, bn2, bn3: BatchNorm
  public var downsample: Sequential?

  /// - Parameter width: how many maps the middle has.
  public init(_ inputs: Int, width: Int, stride: Int = 1, using random: inout RandomNumbers) {
    let outputs = BottleneckBlock.expansion * width
    conv1 = Conv2D(inputs, width, kernel: 1, hasBias: false, using: &random)
    bn1 = BatchNorm(width)
    conv2 = Conv2D(width, width, kernel: 3, stride: stride, padding: .all(1), hasBias: false, using: &random)
    bn2 = BatchNorm(width)
    conv3 = Conv2D(width, outputs, kernel: 1, hasBias: false, using: &random)
    bn3 = BatchNorm(outputs)
    downsample = shortcut(inputs, outputs, stride: stride, using: &random)
  }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let narrow = relu(bn1(conv1(x), phase: phase)), y = relu(bn2(conv2(narrow), phase: phase))
    return relu(bn3(conv3(y), phase: phase) + (downsample?(x, phase: phase) ?? x))
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("conv1", &conv1)
    try visitor.visit("bn1", &bn1)
    try visitor.visit("conv2", &conv2)
    try visitor.visit("bn2", &bn2)
    try visitor.visit("conv3", &conv3)
    try visitor.visit("bn3", &bn3)
    try visitor.visit("downsample", &downsample)
  }
}
