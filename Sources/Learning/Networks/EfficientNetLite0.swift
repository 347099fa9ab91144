public import Tensors

/// EfficientNet-lite0: the smallest network of Tan & Le, “EfficientNet: rethinking model scaling for convolutional neural networks”, 2019, without
/// squeeze-and-excitation and with relu6, as its authors published it for small devices.
///
/// | stage | expansion | window | maps | repeated | stride | result, of 3×224×224 |
/// |---|---|---|---|---|---|---|
/// | convolution | | 3×3 | 32 | 1 | 2 | 112×112 |
/// | ``InvertedResidual`` | 1 | 3×3 | 16 | 1 | 1 | 112×112 |
/// | | 6 | 3×3 | 24 | 2 | 2 | 56×56 |
/// | | 6 | 5×5 | 40 | 2 | 2 | 28×28 |
/// | | 6 | 3×3 | 80 | 3 | 2 | 14×14 |
/// | | 6 | 5×5 | 112 | 3 | 1 | 14×14 |
/// | | 6 | 5×5 | 192 | 4 | 2 | 7×7 |
/// | | 6 | 3×3 | 320 | 1 | 1 | 7×7 |
/// | convolution | | 1×1 | 1280 | 1 | 1 | 7×7 |
/// | mean of each map, dropout, linear | | | | | | classes |
///
/// Windows are padded as TensorFlow's “same”, and ε of batch normalisation is 10⁻³. Pictures are RGB / 127.5 − 1. In training, blocks are never left
/// out (the authors drop some by chance: stochastic depth).
public struct EfficientNetLite0: Layer {
  public var stem: ConvolutionUnit
  public var blocks: [InvertedResidual]
  public var head: ConvolutionUnit
  public var fc: Linear
  public let dropout: Dropout

  public init(classes: Int = 1000, dropout: Float = 0.2, using random: inout RandomNumbers) {
    let epsilon: Float = 1e-3, momentum: Float = 0.01
    stem = ConvolutionUnit(
      3, 32, kernel: 3, stride: 2, padding: .same, activation: .relu6, epsilon: epsilon, momentum: momentum, using: &random)
    blocks = []
    var channels = 32
    for (expansion, kernel, outputs, count, stride) in [
      (1, 3, 16, 1, 1), (6, 3, 24, 2, 2), (6, 5, 40, 2, 2), (6, 3, 80, 3, 2), (6, 5, 112, 3, 1), (6, 5, 192, 4, 2), (6, 3, 320, 1, 1),
    ] {
      for index in 0..<count {
        blocks.append(
          InvertedResidual(
            channels, outputs, expansion: expansion, kernel: kernel, stride: index == 0 ? stride : 1, padding: .same, epsilon: epsilon,
            momentum: momentum, using: &random))
        channels = outputs
      }
    }
    head = ConvolutionUnit(channels, 1280, kernel: 1, activation: .relu6, epsilon: epsilon, momentum: momentum, using: &random)
    fc = Linear(1280, classes, using: &random)
    self.dropout = Dropout(dropout)
  }

  /// The maps that the head averages, [batch, 1280, ⌈height / 32⌉, ⌈width / 32⌉].
  public func features(_ x: Node, phase: Phase) -> Node {
    head(blocks.reduce(stem(x, phase: phase)) { $1($0, phase: phase) }, phase: phase)
  }

  /// - Parameter x: [batch, 3, height, width], from −1 to 1.
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
