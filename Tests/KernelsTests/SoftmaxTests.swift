import Glibc
import Kernels
import Testing

@Suite struct SoftmaxTests {
  @Test(arguments: tables.indices) func equalsItsFormula(table: Int) {
    for count in awkwardCounts(lanes: tables[table].lanes) + [1_000] where count > 0 {
      for inner in [1, 2, tables[table].lanes + 1, 300] where count * inner < 100_000 {
        let x = noise(3 * count * inner).map { 10 * $0 }
        for temperature in [1, 2.5] as [Float] {
          let y = run(x, 3, count, inner, [0..<count], temperature, tables[table])
          expectClose(y, formula(x, 3, count, inner, [0..<count], temperature), tolerance: 2e-6, "\(tables[table].name) \(count) by \(inner)")
        }
      }
    }
  }

  @Test(arguments: tables.indices) func runsAreNormalisedByThemselves(table: Int) {
    for inner in [1, 5, 31] {
      let runs = [0..<1, 1..<20, 25..<40, 40..<40], x = noise(2 * 41 * inner)
      let y = run(x, 2, 41, inner, runs, 1, tables[table])
      expectClose(y, formula(x, 2, 41, inner, runs, 1), tolerance: 1e-6, "\(tables[table].name) \(inner)")
    }
  }

  @Test(arguments: tables.indices) func largeNumbersDoNotOverflowAndNaNStays(table: Int) {
    expectClose(run([1000, 999, 998, -1000], 1, 4, 1, [0..<4], 1, tables[table]), [0.665_240_96, 0.244_728_47, 0.090_030_57, 0], tolerance: 1e-6)
    expectClose(run([1, .nan, 3], 1, 3, 1, [0..<3], 1, tables[table]), [.nan, .nan, .nan], tolerance: 0)
    expectClose(run([1, -.infinity, 1], 1, 3, 1, [0..<3], 1, tables[table]), [0.5, 0, 0.5], tolerance: 1e-7)
  }

  private func run(
    _ x: [Float], _ outer: Int, _ count: Int, _ inner: Int, _ runs: [Range<Int>], _ temperature: Float, _ table: KernelTable
  ) -> [Float] {
    var y = [Float](repeating: 99, count: x.count), span = y.mutableSpan
    softmax(
      x.span, outer: outer, count: count, inner: inner, runs: runs, temperature: temperature, into: &span, on: processor(table, threads: 2))
    return y
  }

  private func formula(_ x: [Float], _ outer: Int, _ count: Int, _ inner: Int, _ runs: [Range<Int>], _ temperature: Float) -> [Float] {
    var y = x
    for row in 0..<outer {
      for place in 0..<inner {
        for run in runs {
          let places = run.map { (row * count + $0) * inner + place }, most = places.map { x[$0] }.max() ?? 0
          let powers = places.map { exp(Double(x[$0] - most) / Double(temperature)) }, sum = powers.reduce(0, +)
          for (place, power) in zip(places, powers) { y[place] = Float(power / sum) }
        }
      }
    }
    return y
  }
}
