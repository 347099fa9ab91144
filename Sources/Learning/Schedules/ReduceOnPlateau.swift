import Tensors

/// Multiplies the rate by γ when a measure has not become better for more than p observations; `torch.optim.lr_scheduler.ReduceLROnPlateau`.
///
/// Better means below best · (1 − τ), or above best · (1 + τ) if larger measures are better. After a reduction, n observations are not counted. A
/// measure that is not a number is no better than any.
///
///     var plateau = ReduceOnPlateau(initial: 0.1)
///     optimizer.learningRate = plateau.observe(lossOnDevSet)
public struct ReduceOnPlateau: Resumable {
  public enum Direction: Hashable, Sendable { case lowerIsBetter, higherIsBetter }

  /// The rate now.
  public private(set) var rate: Float
  public let direction: Direction
  /// γ
  public let factor: Double
  /// p
  public let patience: Int
  /// τ
  public let threshold: Double
  /// n
  public let cooldown: Int
  /// Below this, the rate is not reduced.
  public let minimum: Float

  /// nil before the first measure that is a number.
  public private(set) var best: Double?
  private var waited = 0, cooling = 0

  public init(
    initial: Float, _ direction: Direction = .lowerIsBetter, factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, cooldown: Int = 0,
    minimum: Float = 0
  ) {
    precondition(factor > 0 && factor < 1 && patience >= 0 && cooldown >= 0, "a rate is reduced by a factor between 0 and 1")
    rate = initial
    self.direction = direction
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.cooldown = cooldown
    self.minimum = minimum
  }

  /// The rate after another measure.
  @discardableResult public mutating func observe(_ measure: Double) -> Float {
    if isBetter(measure) {
      best = measure
      waited = 0
    } else {
      waited += 1
    }
    if cooling > 0 {
      cooling -= 1
      waited = 0
    }
    if waited > patience {
      let reduced = max(Float(Double(rate) * factor), minimum)
      if rate - reduced > 1e-8 { rate = reduced }
      (cooling, waited) = (cooldown, 0)
    }
    return rate
  }

  private func isBetter(_ measure: Double) -> Bool {
    guard let best else { return !measure.isNaN }
    return direction == .lowerIsBetter ? measure < best * (1 - threshold) : measure > best * (1 + threshold)
  }

  public var state: [(name: String, tensor: Tensor)] {
    [
      ("rate", Tensor([1], [rate])), ("best", Tensor(exactly: best ?? .nan)), ("waited", Tensor(word: UInt64(waited))),
      ("cooling", Tensor(word: UInt64(cooling))),
    ]
  }

  public mutating func restore(_ state: [String: Tensor], for shapes: [Shape] = []) throws(StateError) {
    var reader = StateReader(state)
    let rate = try reader.take("rate", [1])[0], best = try reader.takeDouble("best")
    let waited = try reader.takeCount("waited"), cooling = try reader.takeCount("cooling")
    try reader.end()
    (self.rate, self.best, self.waited, self.cooling) = (rate, best.isNaN ? nil : best, waited, cooling)
  }
}
