import Kernels

/// v ← μ v + g, p ← p − α (g + μ v), where v begins as zeros: Nesterov's accelerated gradient, in the variables of Sutskever et al., "On the
/// importance of initialization and momentum in deep learning", 2013, so that gradients are taken where the parameters are.
///
/// `torch.optim.SGD(nesterov=True)`.
public struct Nesterov: Optimizer {
  public var learningRate: Float
  /// μ
  public var momentum: Double
  public var weightDecay: WeightDecay
  public var memory = OptimizerMemory()
  public var memoryNames: [String] { ["velocity"] }

  public init(learningRate: Float, momentum: Double = 0.9, weightDecay: WeightDecay = .none) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  public func rule(at step: Int) -> UpdateRule { .momentum(rate: learningRate, momentum: Float(momentum), share: 1, looksAhead: true) }
}
