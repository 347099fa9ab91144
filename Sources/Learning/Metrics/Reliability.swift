/// Whether probabilities are what they say: examples in bins of equal width by their probability, and how often those of each came true.
///
/// Guo et al., "On calibration of modern neural networks", 2017.
public struct Reliability: Hashable, Sendable {
  public struct Bin: Hashable, Sendable {
    /// A bin holds lower < p ≤ upper, the first also 0.
    public let lower, upper: Double
    public let count: Int
    /// The mean probability of its examples, and the share of them that came true; 0 of none.
    public let meanProbability, frequency: Double
  }

  public let bins: [Bin]
  /// Σ_b n_b / n |frequency_b − mean probability_b|
  public let expectedError: Double
  /// max_b |frequency_b − mean probability_b| over bins that hold any.
  public let largestError: Double
  /// The mean of (p − y)²: Brier, "Verification of forecasts expressed in terms of probability", 1950.
  public let brierScore: Double

  /// - Parameters:
  ///   - probabilities: of each example, that of the class that was predicted or of the positive one.
  ///   - cameTrue: whether it was of that class.
  public init(probabilities: [Float], cameTrue: [Bool], binCount: Int = 15) throws(MetricError) {
    precondition(probabilities.count == cameTrue.count && binCount > 0 && binCount <= 1 << 20)
    if probabilities.isEmpty { throw .noExamples }
    var counts = [Int](repeating: 0, count: binCount), sums = [Double](repeating: 0, count: binCount), hits = counts, squares = 0.0
    for (index, probability) in probabilities.enumerated() {
      guard probability >= 0 && probability <= 1 else { throw .notAProbability(index: index, found: Double(probability)) }
      let p = Double(probability), bin = max(0, Int((p * Double(binCount)).rounded(.up)) - 1)
      counts[bin] += 1
      sums[bin] += p
      if cameTrue[index] { hits[bin] += 1 }
      let miss = p - (cameTrue[index] ? 1 : 0)
      squares += miss * miss
    }
    bins = (0..<binCount).map { bin in
      let count = Double(max(1, counts[bin]))
      return Bin(
        lower: Double(bin) / Double(binCount), upper: Double(bin + 1) / Double(binCount), count: counts[bin], meanProbability: sums[bin] / count,
        frequency: Double(hits[bin]) / count)
    }
    let gaps = bins.map { abs($0.frequency - $0.meanProbability) }
    expectedError = zip(bins, gaps).reduce(0) { $0 + Double($1.0.count) / Double(probabilities.count) * $1.1 }
    largestError = gaps.max() ?? 0
    brierScore = squares / Double(probabilities.count)
  }
}
