import Glibc

/// α_n + (α₀ − α_n) (1 − t / n)^p until step n, then α_n; with α_n = 0 `torch.optim.lr_scheduler.PolynomialLR`.
public struct PolynomialDecay: Schedule, Hashable {
  /// α₀ and α_n
  public var initial, final: Float
  /// n
  public var steps: Int
  /// p
  public var power: Double

  public init(initial: Float, final: Float = 0, steps: Int, power: Double = 1) {
    precondition(steps > 0, "a decay takes at least one step: \(steps)")
    self.initial = initial
    self.final = final
    self.steps = steps
    self.power = power
  }

  public func rate(at step: Int) -> Float {
    let left = pow(1 - Double(min(step, steps)) / Double(steps), power)
    return Float(Double(final) + (Double(initial) - Double(final)) * left)
  }
}
