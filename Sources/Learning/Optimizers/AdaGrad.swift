import Kernels

/// q ← q + g², p ← p − α_t g / (√q + ε), where q begins as zeros and α_t = α / (1 + (t − 1) η) in step t.
///
/// Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011; `torch.optim.Adagrad`.
public struct AdaGrad: Optimizer {
  public var learningRate: Float
  /// η
  public var rateDecay: Double
  public var epsilon: Float
  public var weightDecay: WeightDecay
  public var memory = OptimizerMemory()
  public var memoryNames: [String] { ["squares"] }

  public init(learningRate: Float = 0.01, rateDecay: Double = 0, epsilon: Float = 1e-10, weightDecay: WeightDecay = .none) {
    self.learningRate = learningRate
    self.rateDecay = rateDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public func rule(at step: Int) -> UpdateRule {
    .adaGrad(rate: Float(Double(learningRate) / (1 + Double(step - 1) * rateDecay)), epsilon: epsilon)
  }
}
