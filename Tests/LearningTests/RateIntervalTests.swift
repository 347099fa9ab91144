import Glibc
import Learning
import Testing

/// Garwood's interval against printed tables of it.
@Suite struct RateIntervalTests {
  /// Garwood 1936, table 1; and χ² quantiles / 2 for the larger counts.
  @Test(arguments: [
    (0, 0.0, 3.689), (1, 0.0253, 5.572), (2, 0.242, 7.225), (3, 0.619, 8.767), (5, 1.623, 11.668), (10, 4.795, 18.390), (20, 12.217, 30.888),
    (50, 37.111, 65.919), (100, 81.364, 121.627),
  ])
  func knownBounds(count: Int, lower: Double, upper: Double) throws {
    let interval = try ConfidenceInterval.garwood(events: count, exposure: 1)
    #expect(abs(interval.lower - lower) < 6e-4 && abs(interval.upper - upper) < 6e-4, "\(interval)")
  }

  /// Where nothing happened e^(−x) = α/2; and the bound of one event solves e^(−x) (1 + x) = α/2.
  @Test func closedForms() throws {
    for confidence in [0.5, 0.9, 0.95, 0.999] {
      let tail = (1 - confidence) / 2, none = try ConfidenceInterval.garwood(events: 0, exposure: 2, confidence: confidence)
      #expect(none.lower == 0 && abs(exp(-2 * none.upper) - tail) < 1e-12)
      let one = try ConfidenceInterval.garwood(events: 1, exposure: 1, confidence: confidence)
      #expect(abs(1 - exp(-one.lower) - tail) < 1e-12 && abs(exp(-one.upper) * (1 + one.upper) - tail) < 1e-12)
    }
  }

  /// Far into the continued fraction: near the normal distribution's.
  @Test func manyEvents() throws {
    let interval = try ConfidenceInterval.garwood(events: 1_000_000, exposure: 10)
    #expect(abs(interval.lower - 99_804.1) < 0.5 && abs(interval.upper - 100_196.2) < 0.5, "\(interval)")
  }

  @Test func noExposureIsAnError() {
    #expect(throws: MetricError.noExamples) { try ConfidenceInterval.garwood(events: 0, exposure: 0) }
  }
}
