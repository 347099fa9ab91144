public import Tensors

/// LeNet-5: LeCun et al., “Gradient-based learning applied to document recognition”, 1998.
///
/// | stage | result, of 1×32×32 |
/// |---|---|
/// | 5×5 convolution, tanh, 2×2 mean | 6×14×14 |
/// | 5×5 convolution, tanh, 2×2 mean | 16×5×5 |
/// | linear, tanh | 120 |
/// | linear, tanh | 84 |
/// | linear | classes |
///
/// As it is built today: the paper's second convolution sees only some of the maps, its means have a factor and a summand each, and its last layer
/// compares with drawn digits.
public struct LeNet5: Layer {
  public var conv1, conv2: Conv2D
  public var fc1, fc2, fc3: Linear

  public init(channels: Int = 1, classes: Int = 10, using random: inout RandomNumbers) {
    conv1 = Conv2D(channels, 6, kernel: 5, initializer: .glorotUniform, using: &random)
    conv2 = Conv2D(6, 16, kernel: 5, initializer: .glorotUniform, using: &random)
    fc1 = Linear(400, 120, initializer: .glorotUniform, using: &random)
    fc2 = Linear(120, 84, initializer: .glorotUniform, using: &random)
    fc3 = Linear(84, classes, initializer: .glorotUniform, using: &random)
  }

  /// - Parameter x: [batch, channels, 32, 32].
  /// - Returns: logits, [batch, classes].
  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let pool = AveragePool2D(2)
    let maps = pool(tanh(conv2(pool(tanh(conv1(x))))))
    return fc3(tanh(fc2(tanh(fc1(maps.flattened)))))
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("conv1", &conv1)
    try visitor.visit("conv2", &conv2)
    try visitor.visit("fc1", &fc1)
    try visitor.visit("fc2", &fc2)
    try visitor.visit("fc3", &fc3)
  }
}
