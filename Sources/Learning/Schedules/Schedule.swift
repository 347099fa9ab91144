/// The learning rate as a function of the step. Steps count from 0; they may be mini-batches or epochs.
///
///     let schedule = WarmUp(steps: 500, then: CosineDecay(initial: 0.1, steps: 10_000))
///     optimizer.learningRate = schedule.rate(at: step)
///
/// Rates are computed in double precision from the step alone, so a resumed run needs nothing but its step.
public protocol Schedule: Sendable {
  func rate(at step: Int) -> Float
}

/// The same rate in every step.
public struct ConstantRate: Schedule, Hashable {
  public var rate: Float

  public init(_ rate: Float) { self.rate = rate }

  public func rate(at step: Int) -> Float { rate }
}
