import Graphs
import Kernels
import Tensors

/// y = γ · (x − μ) / √(σ² + ε) + β, channel by channel: in training with the mean and variance of the batch, later with their running averages (Ioffe &
/// Szegedy 2015).
///
/// x is [batch, channels, …].
public struct BatchNorm: Layer {
  public var weight, bias: Parameter
  public var runningMean, runningVariance: Parameter
  public let epsilon: Float
  /// How much of the batch's statistics goes into the running ones: PyTorch's momentum. The running variance is that of a sample, with n − 1 below.
  public let momentum: Float

  public init(_ channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1) {
    weight = Parameter(Tensor([channels], repeating: 1))
    bias = Parameter(Tensor([channels]))
    runningMean = Parameter(Tensor([channels]), .statistic)
    runningVariance = Parameter(Tensor([channels], repeating: 1), .statistic)
    self.epsilon = epsilon
    self.momentum = momentum
  }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let recorder = x.recorder, channels = weight.value.shape
    var mean = runningMean.node(in: recorder), variance = runningVariance.node(in: recorder)
    // A frozen network keeps its statistics, and so computes what it did before.
    if phase == .training, !runningMean.isFrozen {
      let count = Float(x.shape.count / x.shape.channels), old = (mean: mean, variance: variance)
      let statistics = x.applying(BatchStatistics())
      mean = statistics.applying(Part(from: 0, channels))
      variance = statistics.applying(Part(from: channels[0], channels))
      if let place = runningMean.recorded?.place { recorder.update(parameter: place, to: old.mean * (1 - momentum) + mean * momentum) }
      if let place = runningVariance.recorded?.place {
        recorder.update(parameter: place, to: old.variance * (1 - momentum) + variance * (momentum * count / Swift.max(1, count - 1)))
      }
    }
    return x.applying(BatchNormalization(epsilon: epsilon), weight.node(in: recorder), bias.node(in: recorder), mean, variance)
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("weight", &weight)
    try visitor.visit("bias", &bias)
    try visitor.visit("running_mean", &runningMean)
    try visitor.visit("running_var", &runningVariance)
  }
}

/// y = γ · (x − μ) / √(σ² + ε) + β along the last axis (Ba et al. 2016).
public struct LayerNorm: Layer {
  public var weight, bias: Parameter
  public let epsilon: Float

  public init(_ count: Int, epsilon: Float = 1e-5) {
    weight = Parameter(Tensor([count], repeating: 1))
    bias = Parameter(Tensor([count]))
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node {
    x.applying(LayerNormalization(epsilon: epsilon), weight.node(in: x.recorder), bias.node(in: x.recorder))
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("weight", &weight)
    try visitor.visit("bias", &bias)
  }
}

/// Each group of channels of each item is normalised by its own mean and variance (Wu & He 2018); then y = γ[c] · x̂ + β[c]. x is [batch, channels, …].
public struct GroupNorm: Layer {
  public var weight, bias: Parameter
  public let groups: Int
  public let epsilon: Float

  public init(_ channels: Int, groups: Int, epsilon: Float = 1e-5) {
    precondition(groups > 0 && channels % groups == 0, "\(channels) channels in \(groups) groups")
    weight = Parameter(Tensor([channels], repeating: 1))
    bias = Parameter(Tensor([channels]))
    self.groups = groups
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node {
    let recorder = x.recorder, channels = weight.value.shape, count = x.shape.count / (x.shape[0] * groups)
    func constant(_ value: Float, _ shape: Shape) -> Node { recorder.constant(Tensor(shape, repeating: value)) }
    let normalized = x.reshaped([x.shape[0], groups, count])
      .applying(LayerNormalization(epsilon: epsilon), constant(1, [count]), constant(0, [count])).reshaped(x.shape)
    // With a mean of 0 and a variance of 1 this is a factor and a summand for each channel.
    return normalized.applying(
      BatchNormalization(epsilon: 0), weight.node(in: recorder), bias.node(in: recorder), constant(0, channels), constant(1, channels))
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("weight", &weight)
    try visitor.visit("bias", &bias)
  }
}

/// Each channel of each item is normalised by its own mean and variance (Ulyanov et al. 2016): a ``GroupNorm`` with groups of one.
public struct InstanceNorm: Layer {
  public var norm: GroupNorm
  public init(_ channels: Int, epsilon: Float = 1e-5) { norm = GroupNorm(channels, groups: channels, epsilon: epsilon) }
  public func callAsFunction(_ x: Node, phase: Phase = .inference) -> Node { norm(x) }
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws { try norm.visitParameters(&visitor) }
}
