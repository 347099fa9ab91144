/// In the first n steps the rate of step 0 of another schedule, times s + (1 − s) t / n; then that schedule from its step 0 on.
///
/// Goyal et al., "Accurate, large minibatch SGD", 2017. `LinearLR` followed by another under `torch.optim.lr_scheduler.SequentialLR`.
public struct WarmUp<Following: Schedule>: Schedule {
  /// n
  public var steps: Int
  /// s
  public var start: Double
  public var following: Following

  public init(steps: Int, from start: Double = 0, then following: Following) {
    precondition(steps >= 0, "a number of steps cannot be negative: \(steps)")
    self.steps = steps
    self.start = start
    self.following = following
  }

  public func rate(at step: Int) -> Float {
    guard step < steps else { return following.rate(at: step - steps) }
    return Float(Double(following.rate(at: 0)) * (start + (1 - start) * Double(step) / Double(steps)))
  }
}
