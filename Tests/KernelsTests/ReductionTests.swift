import Kernels
import Testing

@Suite struct ReductionTests {
  @Test(arguments: tables.indices, Reduction.allCases) func equalsItsFormula(table: Int, kind: Reduction) {
    for count in awkwardCounts(lanes: tables[table].lanes) + [70_001] where count > 0 {
      for (outer, inner) in [(1, 1), (3, 1), (1, 5), (2, 4 * tables[table].lanes + 3), (1, 300), (2, 0)] where outer * inner * count < 200_000 {
        let x = noise(outer * count * inner).map { 10 + $0 }
        let y = run(kind, x, [ReductionPlan(outer: outer, count: count, inner: inner)], outer * inner, tables[table])
        expectClose(y, formula(kind, x, outer, count, inner), tolerance: 3e-7, "\(tables[table].name) \(kind) \(outer)×\(count)×\(inner)")
      }
    }
  }

  /// [4, 50, 3, 40, 7] over the second and the fourth axis.
  @Test(arguments: tables.indices, Reduction.allCases) func severalStages(table: Int, kind: Reduction) {
    let x = noise(4 * 50 * 3 * 40 * 7), stages = [ReductionPlan(outer: 600, count: 40, inner: 7), ReductionPlan(outer: 4, count: 50, inner: 21)]
    let expected = formula(kind, formula(kind, x, 600, 40, 7), 4, 50, 21)
    expectClose(run(kind, x, stages, 84, tables[table]), expected, tolerance: 1e-5, "\(tables[table].name) \(kind)")
    #expect(run(kind, [1, 2], [], 2, tables[table]) == [1, 2])
  }

  @Test(arguments: tables.indices) func specialNumbers(table: Int) {
    let lanes = tables[table].lanes
    for count in [lanes + 1, 5 * lanes + 2] {
      for position in [0, 1, lanes - 1, lanes, count - 1] {
        for (outer, inner) in [(1, 1), (1, 2)] {
          var x = noise(outer * count * inner)
          x[position * inner] = .nan
          let plan = [ReductionPlan(outer: outer, count: count, inner: inner)]
          for kind in Reduction.allCases { #expect(run(kind, x, plan, inner, tables[table])[0].isNaN, "\(tables[table].name) \(kind) at \(position)") }
          #expect(largest(x, outer, count, inner, tables[table])[0] == Float(position), "\(tables[table].name) at \(position)")
          x[position * inner] = -.infinity
          #expect(run(.min, x, plan, inner, tables[table])[0] == -.infinity)
        }
      }
    }
    let allSmall = [Float](repeating: -.infinity, count: 3)
    #expect(run(.max, allSmall, [ReductionPlan(outer: 1, count: 3, inner: 1)], 1, tables[table]) == [-.infinity])
    #expect(largest(allSmall, 1, 3, 1, tables[table]) == [0] && largest(allSmall, 1, 1, 3, tables[table]) == [0, 0, 0])
  }

  @Test(arguments: tables.indices) func theFirstOfTheLargest(table: Int) {
    for count in awkwardCounts(lanes: tables[table].lanes) where count > 0 {
      for (outer, inner) in [(2, 1), (2, 3), (1, 2 * tables[table].lanes + 1), (1, 300)] {
        let x = noise(outer * count * inner).map { ($0 * 4).rounded() }  // many are equal
        var expected: [Float] = []
        for row in 0..<outer {
          for place in 0..<inner {
            let values = (0..<count).map { x[(row * count + $0) * inner + place] }
            expected.append(Float(values.firstIndex(of: values.max()!)!))
          }
        }
        expectClose(largest(x, outer, count, inner, tables[table]), expected, tolerance: 0, "\(tables[table].name) \(outer)×\(count)×\(inner)")
      }
    }
  }

  private func run(_ kind: Reduction, _ x: [Float], _ stages: [ReductionPlan], _ count: Int, _ table: KernelTable) -> [Float] {
    var y = [Float](repeating: 99, count: count), scratch = [Float](repeating: 99, count: stages.scratchCount)
    var ySpan = y.mutableSpan, scratchSpan = scratch.mutableSpan
    reduce(kind, x.span, by: stages, into: &ySpan, scratch: &scratchSpan, on: processor(table, threads: 2))
    return y
  }

  private func largest(_ x: [Float], _ outer: Int, _ count: Int, _ inner: Int, _ table: KernelTable) -> [Float] {
    var y = [Float](repeating: 99, count: outer * inner), span = y.mutableSpan
    largestIndices(x.span, outer: outer, count: count, inner: inner, into: &span, on: processor(table, threads: 2))
    return y
  }

  private func formula(_ kind: Reduction, _ x: [Float], _ outer: Int, _ count: Int, _ inner: Int) -> [Float] {
    var y: [Float] = []
    for row in 0..<outer {
      for place in 0..<inner {
        let values = (0..<count).map { Double(x[(row * count + $0) * inner + place]) }
        switch kind {
        case .sum: y.append(Float(values.reduce(0, +)))
        case .mean: y.append(Float(values.reduce(0, +) / Double(count)))
        case .max: y.append(Float(values.max()!))
        case .min: y.append(Float(values.min()!))
        }
      }
    }
    return y
  }
}
