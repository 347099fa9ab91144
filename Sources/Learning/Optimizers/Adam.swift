import Glibc
import Kernels

/// m ← β₁ m + (1 − β₁) g, q ← β₂ q + (1 − β₂) g², p ← p − α m̂ / (√q̂ + ε) with m̂ = m / (1 − β₁ᵗ) and q̂ = q / (1 − β₂ᵗ) in step t.
///
/// Kingma and Ba, "Adam: a method for stochastic optimization", 2015; `torch.optim.Adam`, where weight decay is L2. See ``AdamW``.
public struct Adam: Optimizer {
  public var learningRate: Float
  /// β₁ and β₂, in double precision: what counts is their distance from 1.
  public var beta1, beta2: Double
  public var epsilon: Float
  public var weightDecay: WeightDecay
  public var memory = OptimizerMemory()
  public var memoryNames: [String] { ["mean", "squares"] }

  public init(learningRate: Float = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Float = 1e-8, weightDecay: WeightDecay = .none) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public func rule(at step: Int) -> UpdateRule {
    let correction1 = 1 - pow(beta1, Double(step)), correction2 = 1 - pow(beta2, Double(step))
    return .adam(
      rate: Float(Double(learningRate) / correction1), decay1: Float(beta1), share1: Float(1 - beta1), decay2: Float(beta2),
      share2: Float(1 - beta2), rootFactor: Float(1 / correction2.squareRoot()), epsilon: epsilon)
  }
}
