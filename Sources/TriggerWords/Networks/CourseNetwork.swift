public import Learning
public import Tensors

/// The course's detector of a spoken word: a convolution along time, two recurrent layers, and a logit for each step.
///
/// | stage | result, of ten seconds |
/// |---|---|
/// | convolution 15, stride 4; batch norm; ReLU; dropout | 196×1375 |
/// | GRU, dropout, batch norm | 1375×128 |
/// | GRU, dropout, batch norm, dropout | 1375×128 |
/// | linear, each step alone | 1375 |
///
/// Reads the spectrogram of the course, [batch, 101, 5511]: see `STFT.triggerWord`. Deep Learning Specialization, course 5, week 3.
public struct CourseNetwork: Layer {
  public static let bins = 101, steps = 1375, inputFrames = 5511
  /// Frames that one step sees, and frames from a step to the next.
  public static let kernel = 15, stride = 4

  public var convolution: Conv1D
  public var normalization1, normalization2, normalization3: BatchNorm
  public var recurrent1, recurrent2: RecurrentLayers
  public var head: Linear
  public let dropout: Float

  public init(dropout: Float = 0.8, units: Int = 128, using random: inout RandomNumbers) {
    convolution = Conv1D(Self.bins, 196, kernel: Self.kernel, stride: Self.stride, initializer: .glorotUniform, using: &random)
    normalization1 = BatchNorm(196, epsilon: 1e-3, momentum: 0.01)
    recurrent1 = RecurrentLayers(.gru, inputs: 196, units: units, using: &random)
    normalization2 = BatchNorm(units, epsilon: 1e-3, momentum: 0.01)
    recurrent2 = RecurrentLayers(.gru, inputs: units, units: units, using: &random)
    normalization3 = BatchNorm(units, epsilon: 1e-3, momentum: 0.01)
    head = Linear(units, 1, initializer: .glorotUniform, using: &random)
    self.dropout = dropout
  }

  /// - Parameter x: [batch, 101, frames].
  /// - Returns: logits, [batch, (frames − 15) / 4 + 1].
  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let drop = Dropout(dropout)
    /// The batch norm of what stands last.
    func normalized(_ sequence: Node, _ layer: BatchNorm) -> Node { layer(sequence.permuted([0, 2, 1]), phase: phase).permuted([0, 2, 1]) }
    let maps = drop(relu(normalization1(convolution(x, phase: phase), phase: phase)), phase: phase)
    let first = drop(recurrent1(maps.permuted([0, 2, 1]), phase: phase).sequence, phase: phase)
    let second = drop(recurrent2(normalized(first, normalization2), phase: phase).sequence, phase: phase)
    let last = drop(normalized(second, normalization3), phase: phase), (batch, steps, units) = (last.shape[0], last.shape[1], last.shape[2])
    return head(last.reshaped([batch * steps, units])).reshaped([batch, steps])
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("convolution", &convolution)
    try visitor.visit("normalization1", &normalization1)
    try visitor.visit("recurrent1", &recurrent1)
    try visitor.visit("normalization2", &normalization2)
    try visitor.visit("recurrent2", &recurrent2)
    try visitor.visit("normalization3", &normalization3)
    try visitor.visit("head", &head)
  }
}
