import Graphs
public import Learning
public import Tensors

/// A detector that only looks back, and never further than ``context``: causal convolutions along time with residual connections and growing dilation
/// (van den Oord et al. 2016; Bai et al. 2018), and a logit every second frame.
///
/// | stage | result, of n frames |
/// |---|---|
/// | convolution 5, stride 2; batch norm; ReLU | channels × n/2 |
/// | for each dilation d: convolution 3, dilation d; batch norm; ReLU; dropout; convolution 1; batch norm; + what went in; ReLU | channels × n/2 |
/// | dropout, linear at each step | n/2 |
///
/// Step i depends on the frames 2i + 1 − (2 · ``context`` + 4) … 2i + 1 and on no others, so a stream carries only that much on.
public struct CausalNetwork: Layer {
  public static let stride = 2, kernel = 5
  public static let usualChannels = 64
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
        inputs, outputs, kernel: (1, kernel), stride: stride, dilation: dilation, hasBias: false, initializer: .heNormal, using: &random)
      normalization = BatchNorm(outputs)
    }

    /// How much of what came before it sees.
    var reach: Int { (convolution.weight.value.shape[3] - 1) * convolution.dilation + 1 - convolution.stride }

    /// Of a whole sound: before it there is nothing.
    func callAsFunction(_ x: Node, phase: Phase) -> Node { normalized(x, padding: Padding(left: reach), phase: phase) }

    /// Of the next part of a sound, after ``reach`` numbers of the part before; and those for the part after.
    func callAsFunction(_ x: Node, after past: Node) -> (result: Node, past: Node) {
      let joined = concatenated([past, x], axis: 3), width = joined.shape[3]
      return (normalized(joined, padding: .none, phase: .inference), joined.slice(axis: 3, width - reach..<width))
    }

    private func normalized(_ x: Node, padding: Padding, phase: Phase) -> Node {
      let operation = Convolution2D(stride: convolution.stride, padding: padding, dilation: convolution.dilation)
      return normalization(x.applying(operation, convolution.weight.node(in: x.recorder)), phase: phase)
    }

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

    func callAsFunction(_ x: Node, dropout: Float, phase: Phase) -> Node {
      relu(narrow(Dropout(dropout)(relu(wide(x, phase: phase)), phase: phase), phase: phase) + x)
    }

    func callAsFunction(_ x: Node, after past: Node) -> (result: Node, past: Node) {
      let (seen, next) = wide(x, after: past)
      return (relu(narrow(relu(seen), phase: .inference) + x), next)
    }

    public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
      try visitor.visit("wide", &wide)
      try visitor.visit("narrow", &narrow)
    }
  }

  public init(
    bands: Int, channels: Int = usualChannels, dilations: [Int] = usualDilations, dropout: Float = 0.2, using random: inout RandomNumbers
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
    let last = Dropout(dropout)(blocks.reduce(maps) { $1($0, dropout: dropout / 2, phase: phase) }, phase: phase), logits = head(last, phase: phase)
    return logits.reshaped([logits.shape[0], logits.shape[3]])
  }

  /// What a stream carries from one part of a sound to the next: what each convolution sees of the part before.
  public var carried: [Shape] { [[1, bands, 1, stem.reach]] + blocks.map { [1, channels, 1, $0.wide.reach] } }

  /// The next part of a sound, [1, bands, frames], after what is carried of the parts before: the same logits as of the whole.
  public func callAsFunction(_ x: Node, after carried: [Node]) -> (logits: Node, carried: [Node]) {
    let first = stem(x.reshaped([1, bands, 1, x.shape[2]]), after: carried[0])
    var maps = relu(first.result), next = [first.past]
    for (block, past) in zip(blocks, carried.dropFirst()) {
      let (result, own) = block(maps, after: past)
      maps = result
      next.append(own)
    }
    let logits = head(maps)
    return (logits.reshaped([1, logits.shape[3]]), next)
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("stem", &stem)
    try visitor.visit("blocks", &blocks)
    try visitor.visit("head", &head)
  }
}
