import Tensors

/// The share of examples whose label is the predicted one.
public func accuracy(_ predicted: [Int], _ labels: [Int]) throws(MetricError) -> Double {
  precondition(predicted.count == labels.count, "\(predicted.count) predictions for \(labels.count) labels")
  if labels.isEmpty { throw .noExamples }
  return Double(zip(predicted, labels).count { $0 == $1 }) / Double(labels.count)
}

/// The share of examples whose label is among the `k` classes of the largest scores. Where scores are equal the class that comes first counts as
/// larger.
///
/// - Parameter scores: [examples, classes]
public func accuracy(_ scores: Tensor, _ labels: [Int], amongLargest k: Int = 1) throws(MetricError) -> Double {
  precondition(scores.shape.rank == 2 && scores.shape[0] == labels.count, "scores of \(scores.shape) for \(labels.count) labels")
  if labels.isEmpty { throw .noExamples }
  let classes = scores.shape[1], scores = scores.span
  try MetricError.check(labels: labels, classCount: classes)
  var right = 0
  for (example, label) in labels.enumerated() {
    let first = example * classes, score = scores[first + label]
    var before = 0
    for index in 0..<classes {
      let other = scores[first + index]
      if other.isNaN { throw .notANumber(index: first + index) }
      if other > score || other == score && index < label { before += 1 }
    }
    if before < k { right += 1 }
  }
  return Double(right) / Double(labels.count)
}
