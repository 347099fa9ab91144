import Kernels

/// p ← p − α g
///
/// "Stochastic" if the gradient is that of a mini-batch. `torch.optim.SGD` without momentum.
public struct GradientDescent: Optimizer {
  public var learningRate: Float
  public var weightDecay: WeightDecay
  public var memory = OptimizerMemory()
  public var memoryNames: [String] { [] }

  public init(learningRate: Float, weightDecay: WeightDecay = .none) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  public func rule(at step: Int) -> UpdateRule { .descent(rate: learningRate) }
}
