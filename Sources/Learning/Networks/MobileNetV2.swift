public import Tensors

/// MobileNet-v2 of width 1: Sandler et al., “MobileNetV2: inverted residuals and linear bottlenecks”, 2018, table 2.
///
/// | stage | expansion | maps | repeated | stride | result, of 3×224×224 |
/// |---|---|---|---|---|---|
/// | 3×3 convolution | | 32 | 1 | 2 | 112×112 |
/// | ``InvertedResidual`` | 1 | 16 | 1 | 1 | 112×112 |
/// | | 6 | 24 | 2 | 2 | 56×56 |
/// | | 6 | 32 | 3 | 2 | 28×28 |
/// | | 6 | 64 | 4 | 2 | 14×14 |
/// | | 6 | 96 | 3 | 1 | 14×14 |
/// | | 6 | 160 | 3 | 2 | 7×7 |
/// | | 6 | 320 | 1 | 1 | 7×7 |
/// | 1×1 convolution | | 1280 | 1 | 1 | 7×7 |
/// | mean of each map, dropout, linear | | | | | classes |
///
/// The same layers in the same order as torchvision's `mobilenet_v2`; that calls them by numbers.
public struct MobileNetV2: Layer {
  public var stem: ConvolutionUnit
  public var blocks: [InvertedResidual]
  public var head: ConvolutionUnit
  public var fc: Linear
  public let dropout: Dropout

  public init(classes: Int = 1000, dropout: Float = 0.2, using random: inout RandomNumbers) {
    stem = ConvolutionUnit(3, 32, kernel: 3, stride: 2, activation: .relu6, using: &random)
    blocks = []
    var channels = 32
    for (expansion, outputs, count, stride) in [
      (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ] {
      for index in 0..<count {
        blocks.append(InvertedResidual(channels, outputs, expansion: expansion, stride: index == 0 ? stride : 1, using: &random))
        channels = outputs
      }
    }
    head = ConvolutionUnit(channels, 1280, kernel: 1, activation: .relu6, using: &random)
    fc = Linear(1280, classes, using: &random)
    self.dropout = Dropout(dropout)
  }

  /// The maps that the head averages, [batch, 1280, ⌈height / 32⌉, ⌈width / 32⌉].
  public func features(_ x: Node, phase: Phase) -> Node {
    head(blocks.reduce(stem(x, phase: phase)) { $1($0, phase: phase) }, phase: phase)
  }

  /// - Parameter x: [batch, 3, height, width].
  /// - Returns: logits, [batch, classes].
  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    fc(dropout(GlobalAveragePool2D()(features(x, phase: phase)), phase: phase))
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("stem", &stem)
    try visitor.visit("blocks", &blocks)
    try visitor.visit("head", &head)
    try visitor.visit("fc", &fc)
  }
}
