/// Why a measure has no value.
public enum MetricError: Error, Equatable, CustomStringConvertible {
  /// There is nothing to measure.
  case noExamples
  /// A measure of two classes was asked for, and examples of one are missing.
  case oneClass(positives: Int, negatives: Int)
  /// A score is not a number.
  case notANumber(index: Int)
  /// A probability outside [0, 1].
  case notAProbability(index: Int, found: Double)
  /// A class that there is not.
  case noSuchClass(index: Int, found: Int, count: Int)

  public var description: String {
    switch self {
    case .noExamples: "there are no examples to measure; give at least one"
    case .oneClass(let positives, let negatives):
      "found \(positives) positive and \(negatives) negative examples, expected at least one of each; add examples of the class that is missing"
    case .notANumber(let index): "score \(index) is not a number; the network may have diverged: look at its weights, or train it with a lower rate"
    case .notAProbability(let index, let found): "probability \(index) is \(found), expected a number from 0 to 1"
    case .noSuchClass(let index, let found, let count):
      "label \(index) is \(found), expected 0 to \(count - 1); check that the labels are those of the network's classes"
    }
  }

  static func check(scores: [Float]) throws(MetricError) {
    if let index = scores.firstIndex(where: \.isNaN) { throw .notANumber(index: index) }
  }

  static func check(labels: [Int], classCount: Int) throws(MetricError) {
    if let index = labels.firstIndex(where: { $0 < 0 || $0 >= classCount }) {
      throw .noSuchClass(index: index, found: labels[index], count: classCount)
    }
  }
}
