import Graphs
public import Learning
public import Tensors

/// A detector that only looks back, and never further than ``context``: causal convolutions along time with residual connections and growing dilation
/// (van den Oord et al. 2016; Bai et al. 2018), and a logit every second frame.
///
/// | stage | result, of n frames |
/// |---|---|
/// | convolution 5, stride 2; batch norm; ReLU | channels × n/2 |
/// | for each dilation d: convolution 3, dilation d; batch norm; ReLU; convolution 1; batch norm; + what went in; ReLU | channels × n/2 |
/// | dropout, linear at each step | n/2 |
///
/// Step i depends on the frames 2i + 1 − (2 · ``context`` + 4) … 2i + 1 and on no others, so a stream is heard window by window.
public struct CausalNetwork: Layer {
  public static let stride = 2, kernel = 5
  public static let usualDilations = [1, 2, 4, 8, 8, 16]

  public let bands, channels: Int
  public let dilations: [Int]
  public let dropout: Float
  public var stem: Unit
  public var blocks: [Block]
  public var head: Conv2D

  /// A convolution that sees only what came before, and batch norm.
  public struct Unit: Module {
    public var convolution: Conv2D
    public var normalization: BatchNorm

    init(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, using random: inout RandomNumbers) {
      convolution = Conv2D(
        inputs, outputs, kernel: (1, kernel), stride: stride, padding: .explicit(Padding(left: (kernel - 1) * dilation + 1 - stride)), dilation: dilation,
        hasBias: false, initializer: .heNormal, using: &random)
      normalization = BatchNorm(outputs)
    }

    func callAsFunction(_ x: Node, phase: Phase) -> Node { normalization(convolution(x, phase: phase), phase: phase) }

    public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
      try visitor.visit("convolution", &convolution)
      try visitor.visit("normalization", &normalization)
    }
  }

  public struct Block: Module {
    public var wide, narrow: Unit

    init(_ channels: Int, dilation: Int, using random: inout RandomNumbers) {
      wide = Unit(channels, channels, kernel: 3, dilation: dilation, using: &random)
      narrow = Unit(channels, channels, kernel: 1, using: &random)
      // A block begins as nothing but its shortcut (Goyal et al. 2017): signals keep their size through all of them.
      narrow.normalization.weight = Parameter(Tensor([channels]))
    }

    func callAsFunction(_ x: Node, phase: Phase) -> Node { relu(narrow(relu(wide(x, phase: phase)), phase: phase) + x) }

    public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
      try visitor.visit("wide", &wide)
      try visitor.visit("narrow", &narrow)
    }
  }

  public init(
    bands: Int, channels: Int = 64, dilations: [Int] = usualDilations, dropout: Float = 0.2, using random: inout RandomNumbers
  ) {
    precondition(bands > 0 && channels > 0 && dilations.allSatisfy { $0 > 0 })
    self.bands = bands
    self.channels = channels
    self.dilations = dilations
    self.dropout = dropout
    stem = Unit(bands, channels, kernel: Self.kernel, stride: Self.stride, using: &random)
    blocks = dilations.map { Block(channels, dilation: $0, using: &random) }
    head = Conv2D(channels, 1, kernel: 1, initializer: .glorotUniform, using: &random)
  }

  /// How many steps before its own a step sees.
  public var context: Int { 2 * dilations.reduce(0, +) }

  /// - Parameter x: [batch, bands, frames].
  /// - Returns: logits, [batch, frames / 2]. Before the first frame it sees zeros.
  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let maps = relu(stem(x.reshaped([x.shape[0], x.shape[1], 1, x.shape[2]]), phase: phase))
    let last = Dropout(dropout)(blocks.reduce(maps) { $1($0, phase: phase) }, phase: phase), logits = head(last, phase: phase)
    return logits.reshaped([logits.shape[0], logits.shape[3]])
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("stem", &stem)
    try visitor.visit("blocks", &blocks)
    try visitor.visit("head", &head)
  }
}
