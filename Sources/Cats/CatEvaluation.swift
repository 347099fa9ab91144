public import Learning

/// How good answers are: shares with their intervals, what was mistaken for what, and whether probabilities are what they say.
public struct CatEvaluation: Sendable {
  public struct Share: Sendable {
    public let value: Double
    /// Of 95 %; nil of a share of nothing.
    public let interval: ConfidenceInterval?
  }
  public let count: Int
  public let threshold: Float
  /// Class 0 is no cat, class 1 a cat.
  public let confusion: ConfusionMatrix
  /// Of all answers that are right, of yeses that are, of cats that were found: Wilson's intervals.
  public let accuracy, precision, recall: Share
  /// Interval by the bootstrap.
  public let f1: Share
  /// The area under the receiver operating characteristic, with its interval by the bootstrap; nil if all pictures are of one kind.
  public let area: Share?
  public let reliability: Reliability
  /// The numbers of the pictures whose answer is wrong, the worst first: the one with the least probability of what it is, as a share of the threshold's.
  public let mistakes: [Int]

  /// - Parameters:
  ///   - probabilities: of a cat, of each picture.
  ///   - isCat: what each picture is.
  ///   - seed: of the bootstrap.
  /// - Throws: ``MetricError`` if there are no pictures, or a probability is none.
  public init(probabilities: [Float], isCat: [Bool], threshold: Float, seed: UInt64 = 1) throws(MetricError) {
    let said = probabilities.map { $0 >= threshold }
    self.threshold = threshold
    count = isCat.count
    reliability = try Reliability(probabilities: probabilities, cameTrue: isCat, binCount: 10)
    let confusion = try ConfusionMatrix(predicted: said.map { $0 ? 1 : 0 }, actual: isCat.map { $0 ? 1 : 0 }, classCount: 2)
    func share(_ part: Int, of whole: Int) throws(MetricError) -> Share {
      Share(
        value: whole == 0 ? 0 : Double(part) / Double(whole),
        interval: whole == 0 ? nil : try ConfidenceInterval.wilson(successes: part, trials: whole))
    }
    accuracy = try share(confusion[0, 0] + confusion[1, 1], of: isCat.count)
    precision = try share(confusion[1, 1], of: confusion.predictedCount(1))
    recall = try share(confusion[1, 1], of: confusion.actualCount(1))
    let all = isCat.count
    func measure(_ sample: [Int]) -> Double {
      var right = 0, wrong = 0
      for index in sample { if said[index] && isCat[index] { right += 1 } else if said[index] != isCat[index] { wrong += 1 } }
      return right + wrong == 0 ? .nan : Double(2 * right) / Double(2 * right + wrong)
    }
    let measured = confusion.scores(of: 1).f1
    f1 = Share(value: measured, interval: try? .bootstrap(count: all, seed: seed, measure))
    if let curve = try? ROCCurve(scores: probabilities, isPositive: isCat) {
      func area(_ sample: [Int]) -> Double {
        (try? ROCCurve(scores: sample.map { probabilities[$0] }, isPositive: sample.map { isCat[$0] }))?.area ?? .nan
      }
      self.area = Share(value: curve.area, interval: try? .bootstrap(count: all, seed: seed, area))
    } else { area = nil }
    func distance(_ index: Int) -> Float {
      isCat[index] ? (threshold - probabilities[index]) / max(threshold, .leastNormalMagnitude)
        : (probabilities[index] - threshold) / max(1 - threshold, .leastNormalMagnitude)
    }
    mistakes = isCat.indices.filter { said[$0] != isCat[$0] }.sorted { (distance($1), $0) < (distance($0), $1) }
    self.confusion = confusion
  }
}
