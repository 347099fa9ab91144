import Kernels
import Testing

@Suite struct LayerNormalizationTests {
  /// Numbers around 100, where a variance from squares alone would be lost.
  @Test(arguments: tables.indices) func equalsItsFormula(table: Int) {
    for count in awkwardCounts(lanes: tables[table].lanes) + [1_000] where count > 0 {
      let rows = 7, x = noise(rows * count).map { 100 + $0 }, gamma = noise(count, seed: 2), beta = noise(count, seed: 3)
      var y = [Float](repeating: 99, count: x.count), span = y.mutableSpan
      normalizeRows(x.span, gamma: gamma.span, beta: beta.span, epsilon: 1e-3, into: &span, on: processor(tables[table], threads: 2))
      var expected: [Float] = []
      for row in 0..<rows {
        let values = x[row * count..<(row + 1) * count].map(Double.init), mean = values.reduce(0, +) / Double(count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        for i in 0..<count { expected.append(Float(Double(gamma[i]) * (values[i] - mean) / (variance + 1e-3).squareRoot() + Double(beta[i]))) }
      }
      expectClose(y, expected, tolerance: 2e-5, "\(tables[table].name) \(count)")
    }
  }
}
