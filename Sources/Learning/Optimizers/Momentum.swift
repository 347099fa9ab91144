import Kernels

/// v ← μ v + (1 − d) g, p ← p − α v, where v begins as zeros: the heavy ball of Polyak 1964.
///
/// With the dampening d = 0 this is `torch.optim.SGD` with momentum; with d = μ, v is the moving average of the gradients, as the course has it
/// (``averaging(learningRate:momentum:weightDecay:)``). PyTorch begins a dampened v with the whole first gradient; here it begins like all others.
public struct Momentum: Optimizer {
  public var learningRate: Float
  /// μ
  public var momentum: Double
  /// d
  public var dampening: Double
  public var weightDecay: WeightDecay
  public var memory = OptimizerMemory()
  public var memoryNames: [String] { ["velocity"] }

  public init(learningRate: Float, momentum: Double = 0.9, dampening: Double = 0, weightDecay: WeightDecay = .none) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
  }

  /// v ← μ v + (1 − μ) g, p ← p − α v
  public static func averaging(learningRate: Float, momentum: Double = 0.9, weightDecay: WeightDecay = .none) -> Momentum {
    Momentum(learningRate: learningRate, momentum: momentum, dampening: momentum, weightDecay: weightDecay)
  }

  public func rule(at step: Int) -> UpdateRule {
    .momentum(rate: learningRate, momentum: Float(momentum), share: Float(1 - dampening), looksAhead: false)
  }
}
