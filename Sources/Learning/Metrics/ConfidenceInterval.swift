import Glibc
import Tensors

/// Between which bounds a measure of few examples leaves the true value, with a given confidence.
public struct ConfidenceInterval: Hashable, Sendable {
  public let lower, upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// (p̂ + z² / 2n ± z √(p̂ (1 − p̂) / n + z² / 4n²)) / (1 + z² / n) with p̂ = successes / trials: the interval of a share.
  ///
  /// Wilson, "Probable inference, the law of succession, and statistical inference", 1927. Unlike the normal interval it stays within [0, 1] and is
  /// of use for shares near 0 and 1.
  public static func wilson(successes: Int, trials: Int, confidence: Double = 0.95) throws(MetricError) -> ConfidenceInterval {
    precondition(successes >= 0 && successes <= trials, "\(successes) successes in \(trials) trials")
    if trials == 0 { throw .noExamples }
    let n = Double(trials), share = Double(successes) / n, z = twoSidedQuantile(confidence), square = z * z / n
    let middle = share + square / 2, half = z * (share * (1 - share) / n + square / (4 * n)).squareRoot()
    // Where nothing or all succeeded, rounding would leave the bound next to 0 or 1.
    return ConfidenceInterval(
      lower: successes == 0 ? 0 : max(0, (middle - half) / (1 + square)), upper: successes == trials ? 1 : min(1, (middle + half) / (1 + square)))
  }

  /// The quantiles of a statistic over samples drawn from the examples with replacement: Efron, "Bootstrap methods", 1979 (the percentile method).
  ///
  /// - Parameters:
  ///   - count: how many examples there are.
  ///   - statistic: its value for the examples of the given indices; samples for which it is NaN are left out.
  /// - Throws: ``MetricError/noExamples`` if there are none, or the statistic never has a value.
  public static func bootstrap(
    count: Int, resamples: Int = 1_000, confidence: Double = 0.95, seed: UInt64, _ statistic: (_ sample: [Int]) -> Double
  ) throws(MetricError) -> ConfidenceInterval {
    precondition(resamples > 0 && confidence > 0 && confidence < 1)
    if count == 0 { throw .noExamples }
    var random = RandomNumbers(seed: seed), values: [Double] = [], sample = [Int](repeating: 0, count: count)
    for _ in 0..<resamples {
      for place in sample.indices { sample[place] = random.index(below: count) }
      let value = statistic(sample)
      if !value.isNaN { values.append(value) }
    }
    if values.isEmpty { throw .noExamples }
    values.sort()
    let tail = (1 - confidence) / 2
    return ConfidenceInterval(lower: quantile(tail, ofSorted: values), upper: quantile(1 - tail, ofSorted: values))
  }
}

/// z for which a normal number lies within ±z with the given probability, by Newton's method on erfc.
func twoSidedQuantile(_ confidence: Double) -> Double {
  precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1: \(confidence)")
  let outside = 1 - confidence
  var z = 0.0  // below the quantile, where erfc is convex: steps never overshoot
  for _ in 0..<100 {
    let step = (erfc(z / 2.squareRoot()) - outside) / ((2 / Double.pi).squareRoot() * exp(-z * z / 2))
    z += step
    if abs(step) < 1e-14 * max(1, z) { break }
  }
  return z
}

/// The value below which a share of them lies, interpolated linearly between neighbours.
func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
  let place = share * Double(values.count - 1), below = Int(place), above = min(below + 1, values.count - 1)
  return values[below] + (place - Double(below)) * (values[above] - values[below])
}
