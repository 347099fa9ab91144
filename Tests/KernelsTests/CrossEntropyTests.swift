import Glibc
import Kernels
import Testing

@Suite struct CrossEntropyTests {
  @Test(arguments: tables.indices) func equalsItsFormula(table: Int) {
    for classes in awkwardCounts(lanes: tables[table].lanes) + [1_000] where classes > 0 {
      let rows = 5, z = noise(rows * classes).map { 10 * $0 }, dl = noise(rows)
      var t = noise(rows * classes).map { abs($0) }
      for k in 0..<classes { t[k] = k == classes / 2 ? 1 : 0 }
      let (losses, gradients) = formula(z, t, dl, classes)
      let (found, foundGradients) = run(z, t, dl, classes, tables[table])
      let scale = max(1, t.reduce(0, +) / Float(rows))
      expectClose(found, losses, tolerance: 2e-6 * scale, "\(tables[table].name) \(classes)")
      expectClose(foundGradients, gradients, tolerance: 2e-6 * scale, "\(tables[table].name) \(classes)")
    }
  }

  /// What is small beside 1 is not lost, and what is large does not overflow.
  @Test(arguments: tables.indices) func smallAndLargeLosses(table: Int) {
    let (losses, _) = run([20, 0, 0, 1_000, 0, -1_000], [1, 0, 0, 0, 0, 1], [1, 1], 3, tables[table])
    let small = log1p(2 * exp(-20.0))
    #expect(abs(Double(losses[0]) - small) < 1e-6 * small && losses[1] == 2_000, "\(losses)")
    let (_, gradients) = run([1, .nan, 3], [0, 1, 0], [1], 3, tables[table])
    #expect(gradients.allSatisfy { $0.isNaN })
  }

  private func run(_ z: [Float], _ t: [Float], _ dl: [Float], _ classes: Int, _ table: KernelTable) -> (losses: [Float], gradients: [Float]) {
    var losses = [Float](repeating: 99, count: dl.count), gradients = [Float](repeating: 99, count: z.count)
    let processor = processor(table, threads: 2)
    var span = losses.mutableSpan, gradientSpan = gradients.mutableSpan
    softmaxCrossEntropy(z.span, t.span, classes: classes, into: &span, on: processor)
    softmaxCrossEntropyGradient(z.span, t.span, of: dl.span, classes: classes, into: &gradientSpan, on: processor)
    return (losses, gradients)
  }

  private func formula(_ z: [Float], _ t: [Float], _ dl: [Float], _ classes: Int) -> (losses: [Float], gradients: [Float]) {
    var losses: [Float] = [], gradients: [Float] = []
    for row in dl.indices {
      let own = z[row * classes..<(row + 1) * classes].map(Double.init), targets = t[row * classes..<(row + 1) * classes].map(Double.init)
      let most = own.max()!, sum = own.reduce(0) { $0 + exp($1 - most) }, total = targets.reduce(0, +)
      losses.append(Float(zip(own, targets).reduce(0) { $0 + $1.1 * (log(sum) + most - $1.0) }))
      gradients += zip(own, targets).map { Float(Double(dl[row]) * (exp($0 - most) / sum * total - $1)) }
    }
    return (losses, gradients)
  }
}
