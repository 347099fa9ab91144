/// Precision, recall and their harmonic mean.
public struct PrecisionRecall: Hashable, Sendable {
  /// TP / (TP + FP): how many of those taken for the class are of it.
  public let precision: Double
  /// TP / (TP + FN): how many of the class were found.
  public let recall: Double
  /// F₁ = 2 TP / (2 TP + FP + FN)
  public let f1: Double

  public init(precision: Double, recall: Double, f1: Double) {
    self.precision = precision
    self.recall = recall
    self.f1 = f1
  }
}

extension ConfusionMatrix {
  /// Those of one class against all others.
  public func scores(of index: Int) -> PrecisionRecall {
    let right = self[index, index], actual = actualCount(index), predicted = predictedCount(index)
    return PrecisionRecall(precision: share(right, predicted), recall: share(right, actual), f1: share(2 * right, predicted + actual))
  }

  /// The means over all classes, each counting as much as any other; of F₁ the mean of F₁, not that of the means.
  public var macroScores: PrecisionRecall { mean { _ in 1 } }

  /// The means over all classes, each counting as many times as it has examples.
  public var weightedScores: PrecisionRecall { mean { Double(actualCount($0)) } }

  /// Those of all decisions together. With one label an example all three are the accuracy.
  public var microScores: PrecisionRecall { PrecisionRecall(precision: accuracy, recall: accuracy, f1: accuracy) }

  private func mean(_ weight: (Int) -> Double) -> PrecisionRecall {
    var sums = (precision: 0.0, recall: 0.0, f1: 0.0), total = 0.0
    for index in classes {
      let scores = scores(of: index), weight = weight(index)
      sums = (sums.precision + weight * scores.precision, sums.recall + weight * scores.recall, sums.f1 + weight * scores.f1)
      total += weight
    }
    guard total > 0 else { return PrecisionRecall(precision: 0, recall: 0, f1: 0) }
    return PrecisionRecall(precision: sums.precision / total, recall: sums.recall / total, f1: sums.f1 / total)
  }
}
