import Glibc

/// α₀ γ^⌊t / n⌋; `torch.optim.lr_scheduler.StepLR`.
public struct StepDecay: Schedule, Hashable {
  /// α₀
  public var initial: Float
  /// γ
  public var factor: Double
  /// n
  public var interval: Int

  public init(initial: Float, factor: Double = 0.1, every interval: Int) {
    precondition(interval > 0, "an interval is at least one step: \(interval)")
    self.initial = initial
    self.factor = factor
    self.interval = interval
  }

  public func rate(at step: Int) -> Float { Float(Double(initial) * pow(factor, Double(step / interval))) }
}
