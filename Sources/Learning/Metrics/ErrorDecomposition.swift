/// Where a network's error comes from, by comparing its errors on sets that differ in one thing each: the table of the course's third part.
///
/// | from | to | difference |
/// |---|---|---|
/// | human level | training set | avoidable bias |
/// | training set | training-dev set: of its distribution, not trained on | variance |
/// | training-dev set | dev set: of the other distribution | data mismatch |
/// | dev set | test set | overfitting to the dev set |
///
/// Without a training-dev set both sets are of one distribution, and variance is the difference to the dev set. Errors are all percent or all shares.
public struct ErrorDecomposition: Hashable, Sendable {
  public enum Part: String, CaseIterable, Hashable, Sendable {
    case bias, variance
    case dataMismatch = "data mismatch"
    case overfittingToDev = "overfitting to the dev set"

    /// What the course advises against it.
    public var advice: String {
      switch self {
      case .bias: "train a larger network, train longer or with a better optimiser, or try another architecture"
      case .variance: "get more data or augment it, regularise (L2, dropout), or try another architecture"
      case .dataMismatch: "look at how the dev set differs, and make or find training data that is more like it"
      case .overfittingToDev: "get a larger dev set"
      }
    }
  }

  public let human, train, dev: Double
  public let trainDev, test: Double?

  /// - Parameter human: the best error that people reach, the stand-in for the least that is possible; see ``humanLevel(_:)``.
  public init(human: Double, train: Double, trainDev: Double? = nil, dev: Double, test: Double? = nil) {
    self.human = human
    self.train = train
    self.trainDev = trainDev
    self.dev = dev
    self.test = test
  }

  /// The least of the errors of people, or teams of them: the least possible error cannot be above it. nil of none.
  public static func humanLevel(_ errors: [Double]) -> Double? { errors.min() }

  public var avoidableBias: Double { train - human }
  public var variance: Double { (trainDev ?? dev) - train }
  public var dataMismatch: Double? { trainDev.map { dev - $0 } }
  public var overfittingToDev: Double? { test.map { $0 - dev } }

  public subscript(part: Part) -> Double? {
    switch part {
    case .bias: avoidableBias
    case .variance: variance
    case .dataMismatch: dataMismatch
    case .overfittingToDev: overfittingToDev
    }
  }

  /// The largest part: what to work on first.
  public var focus: Part {
    Part.allCases.reduce(.bias) { best, part in (self[part] ?? -.infinity) > (self[best] ?? -.infinity) ? part : best }
  }
}
