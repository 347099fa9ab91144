import Glibc

/// α_n + ½ (α₀ − α_n) (1 + cos(π t / n)) until step n, then α_n: Loshchilov and Hutter, "SGDR", 2017, without restarts.
///
/// `torch.optim.lr_scheduler.CosineAnnealingLR` up to step n, after which that rises again.
public struct CosineDecay: Schedule, Hashable {
  /// α₀ and α_n
  public var initial, final: Float
  /// n
  public var steps: Int

  public init(initial: Float, final: Float = 0, steps: Int) {
    precondition(steps > 0, "a decay takes at least one step: \(steps)")
    self.initial = initial
    self.final = final
    self.steps = steps
  }

  public func rate(at step: Int) -> Float {
    Float(cosineBetween(Double(initial), Double(final), at: Double(min(step, steps)) / Double(steps)))
  }
}

/// Half a wave of the cosine, from `start` at 0 to `end` at 1.
func cosineBetween(_ start: Double, _ end: Double, at place: Double) -> Double { end + (start - end) / 2 * (1 + cos(.pi * place)) }
