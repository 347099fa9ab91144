import Glibc

/// α₀ γ^t; `torch.optim.lr_scheduler.ExponentialLR`.
public struct ExponentialDecay: Schedule, Hashable {
  /// α₀
  public var initial: Float
  /// γ
  public var factor: Double

  public init(initial: Float, factor: Double) {
    self.initial = initial
    self.factor = factor
  }

  public func rate(at step: Int) -> Float { Float(Double(initial) * pow(factor, Double(step))) }
}
