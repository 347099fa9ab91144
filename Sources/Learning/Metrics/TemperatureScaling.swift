import Glibc
import Tensors

/// The temperature T for which softmax(z / T) gives the labels of held-out examples the largest likelihood: Guo et al., "On calibration of modern
/// neural networks", 2017. Classes keep their order, and so accuracy its value.
///
/// The mean of −log softmax(β z)[label] is convex in β = 1 / T, with the slope E[z] − z[label] and the curvature Var[z] under softmax(β z). Newton's
/// method finds its minimum, with bisection where a step would leave the bracket.
public struct TemperatureScaling: Hashable, Sendable {
  public let temperature: Double
  /// The mean negative log-likelihood, in nats, at T = 1 and at ``temperature``.
  public let lossBefore, lossAfter: Double

  /// T is looked for in this range. Where all examples are right, no T is too small.
  public static let range = 0.01...100.0

  /// - Parameters:
  ///   - logits: [examples, classes]; of a network with one output z, two columns 0 and z.
  ///   - labels: the class of each example.
  public init(logits: Tensor, labels: [Int]) throws(MetricError) {
    precondition(logits.shape.rank == 2 && logits.shape[0] == labels.count, "logits of \(logits.shape) for \(labels.count) labels")
    if labels.isEmpty { throw .noExamples }
    let classes = logits.shape[1], logits = logits.span
    try MetricError.check(labels: labels, classCount: classes)
    for index in logits.indices where !logits[index].isFinite { throw .notANumber(index: index) }

    func moments(_ beta: Double) -> (loss: Double, slope: Double, curvature: Double) {
      var sums = (0.0, 0.0, 0.0)
      for (example, label) in labels.enumerated() {
        let first = example * classes, right = Double(logits[first + label])
        var top = -Double.infinity
        for index in 0..<classes { top = max(top, Double(logits[first + index])) }
        var weight = 0.0, mean = 0.0, square = 0.0
        for index in 0..<classes {
          let z = Double(logits[first + index]) - top, w = exp(beta * z)
          weight += w
          mean += w * z
          square += w * z * z
        }
        mean /= weight
        sums.0 += log(weight) - beta * (right - top)
        sums.1 += mean - (right - top)
        sums.2 += max(0, square / weight - mean * mean)
      }
      let count = Double(labels.count)
      return (sums.0 / count, sums.1 / count, sums.2 / count)
    }

    var lower = 1 / Self.range.upperBound, upper = 1 / Self.range.lowerBound, beta = 1.0
    var (loss, slope, curvature) = moments(beta), lastStep = Double.infinity
    lossBefore = loss
    if slope < 0 && moments(upper).slope <= 0 { (beta, slope) = (upper, 0) }
    if slope > 0 && moments(lower).slope >= 0 { (beta, slope) = (lower, 0) }
    while slope != 0 && upper - lower > 1e-12 * upper {
      if slope > 0 { upper = beta } else { lower = beta }
      var next = beta - slope / curvature
      // Where the slope falls off exponentially, Newton's steps do not become shorter: halve the bracket then.
      if !(next > lower && next < upper) || abs(next - beta) > lastStep / 2 { next = (lower + upper) / 2 }
      lastStep = abs(next - beta)
      if lastStep <= 1e-13 * beta { break }
      beta = next
      (loss, slope, curvature) = moments(beta)
    }
    temperature = 1 / beta
    lossAfter = moments(beta).loss
  }
}
