/// The receiver operating characteristic: how many positives are found against how many negatives are taken for one, for every threshold.
///
/// Fawcett, "An introduction to ROC analysis", 2006. Examples of equal scores enter together.
public struct ROCCurve: Hashable, Sendable {
  public struct Point: Hashable, Sendable {
    /// An example is taken for positive if its score is not below this. That of the first point is infinite.
    public let threshold: Float
    public let falsePositiveRate, truePositiveRate: Double
  }

  /// From (0, 0) to (1, 1), by falling threshold.
  public let points: [Point]
  public let positives, negatives: Int

  /// - Throws: ``MetricError`` if a score is not a number or examples of a class are missing.
  public init(scores: [Float], isPositive: [Bool]) throws(MetricError) {
    precondition(scores.count == isPositive.count, "\(scores.count) scores for \(isPositive.count) labels")
    try MetricError.check(scores: scores)
    let positives = isPositive.count { $0 }, negatives = isPositive.count - positives
    guard positives > 0 && negatives > 0 else { throw .oneClass(positives: positives, negatives: negatives) }
    var points = [Point(threshold: .infinity, falsePositiveRate: 0, truePositiveRate: 0)], found = 0, wrong = 0
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    for (place, index) in order.enumerated() {
      if isPositive[index] { found += 1 } else { wrong += 1 }
      if place + 1 < order.count && scores[order[place + 1]] == scores[index] { continue }
      points.append(
        Point(
          threshold: scores[index], falsePositiveRate: Double(wrong) / Double(negatives), truePositiveRate: Double(found) / Double(positives)))
    }
    self.points = points
    self.positives = positives
    self.negatives = negatives
  }

  /// The area under the curve: the probability that a positive example has a larger score than a negative one, where equal scores count half.
  public var area: Double {
    zip(points, points.dropFirst()).reduce(0) {
      $0 + ($1.1.falsePositiveRate - $1.0.falsePositiveRate) * ($1.1.truePositiveRate + $1.0.truePositiveRate) / 2
    }
  }

  /// The point where the sum of both classes' shares of right answers is largest (Youden 1950).
  public var bestPoint: Point {
    points.max { $0.truePositiveRate - $0.falsePositiveRate < $1.truePositiveRate - $1.falsePositiveRate } ?? points[0]
  }
}
