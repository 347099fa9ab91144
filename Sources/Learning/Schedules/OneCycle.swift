/// From α / a up to α within the share w of the n steps, then down to α / (a b) at the last: Smith and Topin, "Super-convergence", 2019.
///
/// `torch.optim.lr_scheduler.OneCycleLR` with two phases, along half waves of the cosine or straight lines. After the last step the rate stays.
public struct OneCycle: Schedule, Hashable {
  public enum Course: Hashable, Sendable { case cosine, linear }

  /// α
  public var peak: Float
  /// n
  public var steps: Int
  /// w
  public var risingShare: Double
  /// a and b
  public var startDivisor, endDivisor: Double
  public var course: Course

  public init(
    peak: Float, steps: Int, risingShare: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 10_000, course: Course = .cosine
  ) {
    precondition(steps > 0 && (0...1).contains(risingShare), "a cycle has at least one step and rises during a share of them from 0 to 1")
    self.peak = peak
    self.steps = steps
    self.risingShare = risingShare
    self.startDivisor = startDivisor
    self.endDivisor = endDivisor
    self.course = course
  }

  public func rate(at step: Int) -> Float {
    let top = Double(peak), start = top / startDivisor, end = start / endDivisor
    let turn = max(0, risingShare * Double(steps) - 1), last = Double(steps - 1), place = min(Double(step), last)
    if place < turn { return Float(between(start, top, at: place / turn)) }
    return Float(last > turn ? between(top, end, at: (place - turn) / (last - turn)) : top)
  }

  private func between(_ start: Double, _ end: Double, at place: Double) -> Double {
    course == .cosine ? cosineBetween(start, end, at: place) : start + (end - start) * place
  }
}
