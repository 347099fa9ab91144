public import Tensors

/// Inception-v1, GoogLeNet: Szegedy et al., “Going deeper with convolutions”, 2015, table 1; with batch normalisation,
/// and without the heads in its middle.
///
/// | stage | 1×1 | 3×3 | “5×5” | pooled | result, of 3×224×224 |
/// |---|---|---|---|---|---|
/// | 7×7 / 2, maximum / 2, 1×1, 3×3, maximum / 2 | | | | | 192×28×28 |
/// | 3a | 64 | 96 → 128 | 16 → 32 | 32 | 256×28×28 |
/// | 3b, maximum / 2 | 128 | 128 → 192 | 32 → 96 | 64 | 480×14×14 |
/// | 4a | 192 | 96 → 208 | 16 → 48 | 64 | 512×14×14 |
/// | 4b | 160 | 112 → 224 | 24 → 64 | 64 | 512×14×14 |
/// | 4c | 128 | 128 → 256 | 24 → 64 | 64 | 512×14×14 |
/// | 4d | 112 | 144 → 288 | 32 → 64 | 64 | 528×14×14 |
/// | 4e, maximum / 2 | 256 | 160 → 320 | 32 → 128 | 128 | 832×7×7 |
/// | 5a | 256 | 160 → 320 | 32 → 128 | 128 | 832×7×7 |
/// | 5b | 384 | 192 → 384 | 48 → 128 | 128 | 1024×7×7 |
/// | mean of each map, dropout, linear | | | | | classes |
///
/// Layers and names of parameters are those of torchvision's `googlenet`; what its files have for the other heads is passed over.
public struct InceptionV1: Layer {
  public var conv1, conv2, conv3: ConvolutionUnit
  public var inception3a, inception3b, inception4a, inception4b, inception4c, inception4d, inception4e, inception5a, inception5b: InceptionBlock
  public var fc: Linear
  public let dropout: Dropout

  public init(classes: Int = 1000, dropout: Float = 0.2, using random: inout RandomNumbers) {
    conv1 = ConvolutionUnit(3, 64, kernel: 7, stride: 2, epsilon: 1e-3, using: &random)
    conv2 = ConvolutionUnit(64, 64, kernel: 1, epsilon: 1e-3, using: &random)
    conv3 = ConvolutionUnit(64, 192, kernel: 3, epsilon: 1e-3, using: &random)
    inception3a = InceptionBlock(192, ones: 64, threes: (96, 128), fives: (16, 32), pooled: 32, using: &random)
    inception3b = InceptionBlock(256, ones: 128, threes: (128, 192), fives: (32, 96), pooled: 64, using: &random)
    inception4a = InceptionBlock(480, ones: 192, threes: (96, 208), fives: (16, 48), pooled: 64, using: &random)
    inception4b = InceptionBlock(512, ones: 160, threes: (112, 224), fives: (24, 64), pooled: 64, using: &random)
    inception4c = InceptionBlock(512, ones: 128, threes: (128, 256), fives: (24, 64), pooled: 64, using: &random)
    inception4d = InceptionBlock(512, ones: 112, threes: (144, 288), fives: (32, 64), pooled: 64, using: &random)
    inception4e = InceptionBlock(528, ones: 256, threes: (160, 320), fives: (32, 128), pooled: 128, using: &random)
    inception5a = InceptionBlock(832, ones: 256, threes: (160, 320), fives: (32, 128), pooled: 128, using: &random)
    inception5b = InceptionBlock(832, ones: 384, threes: (192, 384), fives: (48, 128), pooled: 128, using: &random)
    fc = Linear(1024, classes, using: &random)
    self.dropout = Dropout(dropout)
  }

  /// The maps that the head averages, [batch, 1024, about height / 32, about width / 32].
  public func features(_ x: Node, phase: Phase) -> Node {
    let pool = MaxPool2D(3, stride: 2, padding: .ceiling), lastPool = MaxPool2D(2, padding: .ceiling)
    func applying(_ layers: any Layer..., to x: Node) -> Node { layers.reduce(x) { $1($0, phase: phase) } }
    return applying(
      conv1, pool, conv2, conv3, pool,
      inception3a, inception3b, pool,
      inception4a, inception4b, inception4c, inception4d, inception4e, lastPool,
      inception5a, inception5b, to: x)
  }

  /// - Parameter x: [batch, 3, height, width].
  /// - Returns: logits, [batch, classes].
  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    fc(dropout(GlobalAveragePool2D()(features(x, phase: phase)), phase: phase))
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("conv1", &conv1)
    try visitor.visit("conv2", &conv2)
    try visitor.visit("conv3", &conv3)
    try visitor.visit("inception3a", &inception3a)
    try visitor.visit("inception3b", &inception3b)
    try visitor.visit("inception4a", &inception4a)
    try visitor.visit("inception4b", &inception4b)
    try visitor.visit("inception4c", &inception4c)
    try visitor.visit("inception4d", &inception4d)
    try visitor.visit("inception4e", &inception4e)
    try visitor.visit("inception5a", &inception5a)
    try visitor.visit("inception5b", &inception5b)
    try visitor.visit("fc", &fc)
  }
}
