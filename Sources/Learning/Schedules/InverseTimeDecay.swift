/// α₀ / (1 + k ⌊t / n⌋): the course's decay, each step with n = 1 and "scheduled" with a larger interval.
public struct InverseTimeDecay: Schedule, Hashable {
  /// α₀
  public var initial: Float
  /// k
  public var decay: Double
  /// n
  public var interval: Int

  public init(initial: Float, decay: Double, every interval: Int = 1) {
    precondition(interval > 0, "an interval is at least one step: \(interval)")
    self.initial = initial
    self.decay = decay
    self.interval = interval
  }

  public func rate(at step: Int) -> Float { Float(Double(initial) / (1 + decay * Double(step / interval))) }
}
