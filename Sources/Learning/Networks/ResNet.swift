public import Tensors

/// Residual networks: He et al., “Deep residual learning for image recognition”, 2016, table 1.
///
/// | stage | ResNet-18 | ResNet-50 | maps, of 224×224 |
/// |---|---|---|---|
/// | stem | 7×7 / 2, 3×3 / 2 maximum | the same | 64×56×56 |
/// | layer1 | 2 × ``ResidualBlock`` of 64 | 3 × ``BottleneckBlock`` of 64 | 56×56 |
/// | layer2 | 2 × 128 | 4 × 128 | 28×28 |
/// | layer3 | 2 × 256 | 6 × 256 | 14×14 |
/// | layer4 | 2 × 512 | 3 × 512 | 7×7 |
/// | head | mean of each map, linear | the same | classes |
///
/// The names of parameters are those of torchvision's `resnet18` and `resnet50`, so their files fit.
public struct ResNet: Layer {
  public var conv1: Conv2D
  public var bn1: BatchNorm
  public var layer1, layer2, layer3, layer4: [any Layer]
  public var fc: Linear

  /// - Parameter width: how many maps the stem has; 64 in the paper, fewer for small data.
  public static func resNet18(classes: Int = 1000, channels: Int = 3, width: Int = 64, using random: inout RandomNumbers) -> ResNet {
    ResNet(blocks: [2, 2, 2, 2], isBottleneck: false, classes: classes, channels: channels, width: width, using: &random)
  }

  public static func resNet50(classes: Int = 1000, channels: Int = 3, width: Int = 64, using random: inout RandomNumbers) -> ResNet {
    ResNet(blocks: [3, 4, 6, 3], isBottleneck: true, classes: classes, channels: channels, width: width, using: &random)
  }

  /// - Parameter blocks: how many blocks each of the four layers has.
  public init(blocks: [Int], isBottleneck: Bool, classes: Int, channels: Int = 3, width: Int = 64, using random: inout RandomNumbers) {
    precondition(blocks.count == 4 && blocks.allSatisfy { $0 > 0 }, "expected the numbers of blocks of four layers, found \(blocks)")
    conv1 = Conv2D(channels, width, kernel: 7, stride: 2, padding: .all(3), hasBias: false, using: &random)
    bn1 = BatchNorm(width)
    var inputs = width
    func layer(_ number: Int) -> [any Layer] {
      let width = width << number
      return (0..<blocks[number]).map { index -> any Layer in
        let stride = number > 0 && index == 0 ? 2 : 1
        defer { inputs = isBottleneck ? BottleneckBlock.expansion * width : width }
        return isBottleneck
          ? BottleneckBlock(inputs, width: width, stride: stride, using: &random) : ResidualBlock(inputs, width, stride: stride, using: &random)
      }
    }
    layer1 = layer(0)
    layer2 = layer(1)
    layer3 = layer(2)
    layer4 = layer(3)
    fc = Linear(inputs, classes, using: &random)
  }

  /// The maps that the head averages, [batch, 8 · width or 32 · width, ⌈height / 32⌉, ⌈width / 32⌉].
  public func features(_ x: Node, phase: Phase) -> Node {
    let stem = MaxPool2D(3, stride: 2, padding: .all(1))(relu(bn1(conv1(x), phase: phase)))
    return [layer1, layer2, layer3, layer4].joined().reduce(stem) { $1($0, phase: phase) }
  }

  /// - Parameter x: [batch, channels, height, width].
  /// - Returns: logits, [batch, classes].
  public func callAsFunction(_ x: Node, phase: Phase) -> Node { fc(GlobalAveragePool2D()(features(x, phase: phase))) }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("conv1", &conv1)
    try visitor.visit("bn1", &bn1)
    try visitor.visit("layer1", &layer1)
    try visitor.visit("layer2", &layer2)
    try visitor.visit("layer3", &layer3)
    try visitor.visit("layer4", &layer4)
    try visitor.visit("fc", &fc)
  }
}
