import Kernels

/// q ← ρ q + (1 − ρ) g², p ← p − α g / (√q + ε), where q begins as zeros: Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning",
/// 2012.
///
/// With momentum, v ← μ v + g / (√q + ε), p ← p − α v. Centred, q − m² stands for q under the root, with m ← ρ m + (1 − ρ) g (Graves 2013).
/// `torch.optim.RMSprop`.
public struct RMSprop: Optimizer {
  public var learningRate: Float
  /// ρ
  public var decay: Double
  public var epsilon: Float
  /// μ. What is remembered depends on whether there is any, so it is fixed.
  public let momentum: Double
  public let isCentered: Bool
  public var weightDecay: WeightDecay
  public var memory = OptimizerMemory()

  public var memoryNames: [String] {
    if isCentered { return ["squares", "velocity", "mean"] }
    return momentum == 0 ? ["squares"] : ["squares", "velocity"]
  }

  public init(
    learningRate: Float = 0.01, decay: Double = 0.99, epsilon: Float = 1e-8, momentum: Double = 0, isCentered: Bool = false,
    weightDecay: WeightDecay = .none
  ) {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentered = isCentered
    self.weightDecay = weightDecay
  }

  public func rule(at step: Int) -> UpdateRule {
    let share = Float(1 - decay)
    guard isCentered || momentum != 0 else { return .rootMeanSquare(rate: learningRate, decay: Float(decay), share: share, epsilon: epsilon) }
    return .rootMeanSquareMomentum(
      rate: learningRate, decay: Float(decay), share: share, epsilon: epsilon, momentum: Float(momentum), isCentered: isCentered)
  }
}
