import Kernels

/// p ← p − α λ p, then a step of ``Adam``: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019; `torch.optim.AdamW`.
///
/// Adam with ``WeightDecay/decoupled(_:sparingVectors:)`` is the same; this is its name and its usual factors.
public struct AdamW: Optimizer {
  public var learningRate: Float
  public var beta1, beta2: Double
  public var epsilon: Float
  public var weightDecay: WeightDecay
  public var memory = OptimizerMemory()
  public var memoryNames: [String] { ["mean", "squares"] }

  public init(
    learningRate: Float = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Float = 1e-8, weightDecay: WeightDecay = .decoupled(0.01)
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public func rule(at step: Int) -> UpdateRule {
    Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon).rule(at: step)
  }
}
