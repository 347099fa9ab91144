/// How often each class was taken for each other: `matrix[actual, predicted]`.
///
/// Precision, recall and F1 follow from it, class by class and on average. A share of nothing is 0, as in scikit-learn.
public struct ConfusionMatrix: Hashable, Sendable {
  public let classCount: Int
  private var counts: [Int]

  /// A matrix of zeros.
  public init(classCount: Int) {
    precondition(classCount > 0 && classCount <= 1 << 16, "a matrix of \(classCount) classes")
    self.classCount = classCount
    counts = [Int](repeating: 0, count: classCount * classCount)
  }

  public init(predicted: [Int], actual: [Int], classCount: Int) throws(MetricError) {
    precondition(predicted.count == actual.count, "\(predicted.count) predictions for \(actual.count) labels")
    try MetricError.check(labels: predicted, classCount: classCount)
    try MetricError.check(labels: actual, classCount: classCount)
    self.init(classCount: classCount)
    for (predicted, actual) in zip(predicted, actual) { self[actual, predicted] += 1 }
  }

  public subscript(actual: Int, predicted: Int) -> Int {
    get { counts[place(actual, predicted)] }
    set { counts[place(actual, predicted)] = newValue }
  }

  private func place(_ actual: Int, _ predicted: Int) -> Int {
    precondition(actual >= 0 && actual < classCount && predicted >= 0 && predicted < classCount, "class outside 0..<\(classCount)")
    return actual * classCount + predicted
  }

  public var classes: Range<Int> { 0..<classCount }
  /// How many examples were counted.
  public var total: Int { counts.reduce(0, +) }
  /// How many are of a class, and how many were taken for it.
  public func actualCount(_ index: Int) -> Int { classes.reduce(0) { $0 + self[index, $1] } }
  public func predictedCount(_ index: Int) -> Int { classes.reduce(0) { $0 + self[$1, index] } }

  /// The share of examples that were taken for what they are.
  public var accuracy: Double { share(classes.reduce(0) { $0 + self[$1, $1] }, total) }

  func share(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}
