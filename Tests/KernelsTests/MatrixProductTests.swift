import Kernels
import Testing

@Suite struct MatrixProductTests {
  /// Sizes around vectors, tiles and the bounds between the ways of computing.
  private func shapes(_ table: KernelTable) -> [(rows: Int, columns: Int, depth: Int)] {
    let lanes = table.lanes, largest = 2 * lanes + 1
    var shapes = [(1, 1, 1), (0, 3, 2), (3, 0, 2), (3, 5, 0), (131, 67, 31), (67, 131, 131), (14, 2 * lanes, lanes), (29, 4 * lanes, 3 * lanes + 5)]
    for size in [1, 2, 3, 4, 5, 7, 8, 9, lanes - 1, lanes, lanes + 1, largest] {
      shapes += [(size, 67, 31), (67, size, 31), (31, 67, size), (size, size, size)]
    }
    return shapes.map { (rows: $0.0, columns: $0.1, depth: $0.2) }
  }

  @Test(arguments: tables.indices) func equalsTheReference(table: Int) {
    for (rows, columns, depth) in shapes(tables[table]) {
      for (transposesA, transposesB) in [(false, false), (false, true), (true, false), (true, true)] {
        let a = noise(rows * depth), b = noise(depth * columns, seed: 2), bias = noise(columns, seed: 3), c = noise(rows * columns, seed: 4)
        let zeros = [Float](repeating: 0, count: rows * columns)
        func expected(_ start: [Float], _ activation: Activation = .linear) -> [Float] {
          Reference.matrixProduct(
            a, b, rows: rows, columns: columns, depth: depth, transposesA: transposesA, transposesB: transposesB, start: start, activation: activation)
        }
        let product = MatrixProduct(
          rows: rows, columns: columns, depth: depth, transposesA: transposesA, transposesB: transposesB, kernels: tables[table])
        let what = "\(tables[table].name) \(rows)×\(columns)×\(depth) \(transposesA) \(transposesB)"
        let run = Run(product, a, b, tables[table])
        let biased = (0..<rows).flatMap { _ in bias }, tolerance = 2e-6 + 4e-8 * Float(depth)
        for packed in [false, true] {
          expectClose(run(into: zeros.map { _ in 99 }, packed: packed), expected(zeros), tolerance: tolerance, what)
          expectClose(run(into: c, accumulating: true, packed: packed), expected(c), tolerance: tolerance, "\(what) added")
          expectClose(
            run(into: c, bias: bias, activation: .tanh, packed: packed), expected(biased, .tanh), tolerance: tolerance, "\(what) biased, tanh")
        }
      }
    }
  }

  @Test(arguments: tables.indices) func stridesAreKept(table: Int) {
    for (rows, columns, depth) in [(3, 5, 7), (37, 41, 19), (1, 37, 41), (37, 1, 41), (5, 2 * tables[table].lanes, 9)] {
      for (transposesA, transposesB) in [(false, false), (false, true), (true, false), (true, true)] {
        func spread(_ x: [Float], _ width: Int) -> [Float] { x.indices.flatMap { $0 % width == width - 1 ? [x[$0], .nan, .nan] : [x[$0]] } }
        let a = noise(rows * depth), b = noise(depth * columns, seed: 2)
        let aWidth = transposesA ? rows : depth, bWidth = transposesB ? depth : columns
        let product = MatrixProduct(
          rows: rows, columns: columns, depth: depth, transposesA: transposesA, transposesB: transposesB, aStride: aWidth + 2, bStride: bWidth + 2,
          cStride: columns + 3, kernels: tables[table])
        let zeros = [Float](repeating: 0, count: rows * columns)
        let expected = Reference.matrixProduct(
          a, b, rows: rows, columns: columns, depth: depth, transposesA: transposesA, transposesB: transposesB, start: zeros)
        let c = Run(product, spread(a, aWidth), spread(b, bWidth), tables[table])(into: [Float](repeating: 99, count: rows * (columns + 3)), packed: false)
        let what = "\(tables[table].name) \(rows)×\(columns)×\(depth) \(transposesA) \(transposesB)"
        expectClose((0..<rows * columns).map { c[$0 / columns * (columns + 3) + $0 % columns] }, expected, tolerance: 2e-6, what)
        #expect(c.indices.allSatisfy { $0 % (columns + 3) < columns || c[$0] == 99 }, "\(what): wrote beside its rows")
      }
    }
  }

  /// Deep and wide enough to be cut into several blocks; every sum is one chain, so blocks leave no trace in the bits.
  @Test(arguments: tables.indices) func blocksAndThreadsLeaveNoTrace(table: Int) {
    let rows = 61, columns = 131, depth = 4_200
    let a = noise(rows * depth), b = noise(depth * columns, seed: 2), zeros = [Float](repeating: 0, count: rows * columns)
    let expected = Reference.matrixProduct(a, b, rows: rows, columns: columns, depth: depth, transposesA: true, transposesB: false, start: zeros)
    let product = MatrixProduct(rows: rows, columns: columns, depth: depth, transposesA: true, kernels: tables[table])
    let run = Run(product, a, b, tables[table])
    let first = run(into: zeros, packed: false, threads: 1)
    expectClose(first, expected, tolerance: 2e-4, tables[table].name)
    for threads in [2, 3, 7] {
      for packed in [false, true] { #expect(run(into: zeros, packed: packed, threads: threads) == first, "\(tables[table].name), \(threads) threads") }
    }
    for (rows, columns) in [(1, 700), (700, 1), (5, 700)] {
      for transposesB in [false, true] {
        let product = MatrixProduct(rows: rows, columns: columns, depth: 131, transposesB: transposesB, kernels: tables[table])
        let run = Run(product, a, b, tables[table]), first = run(into: [Float](repeating: 0, count: rows * columns), packed: false, threads: 1)
        for threads in [2, 3, 7] { #expect(run(into: first, packed: false, threads: threads) == first, "\(rows)×\(columns), \(threads) threads") }
      }
    }
  }

  /// What lies beside a row or under a zero of the packing must not turn numbers into NaN, and NaN in an operand must arrive.
  @Test(arguments: tables.indices) func specialNumbers(table: Int) {
    let rows = 5, columns = 37, depth = 19
    var a = noise(rows * depth)
    a[2 * depth + 18] = .nan
    a[3 * depth] = .infinity
    let b = noise(depth * columns, seed: 2), zeros = [Float](repeating: 0, count: rows * columns)
    let c = Run(MatrixProduct(rows: rows, columns: columns, depth: depth, kernels: tables[table]), a, b, tables[table])(into: zeros, packed: true)
    expectClose(
      c, Reference.matrixProduct(a, b, rows: rows, columns: columns, depth: depth, transposesA: false, transposesB: false, start: zeros),
      tolerance: 2e-6, tables[table].name)
  }
}

/// Runs a product on copies.
private struct Run {
  let product: MatrixProduct, a: [Float], b: [Float], table: KernelTable

  init(_ product: MatrixProduct, _ a: [Float], _ b: [Float], _ table: KernelTable) {
    self.product = product
    self.a = a
    self.b = b
    self.table = table
  }

  func callAsFunction(
    into c: [Float], bias: [Float]? = nil, accumulating: Bool = false, activation: Activation = .linear, packed: Bool, threads: Int = 2
  ) -> [Float] {
    let processor = processor(table, threads: threads)
    var c = c, scratch = [Float](repeating: .nan, count: product.scratchCount)
    var cSpan = c.mutableSpan, scratchSpan = scratch.mutableSpan
    if packed {
      let b = PackedMatrix(b.span, depth: product.depth, columns: product.columns, isTransposed: product.transposesB, on: processor)
      product.run(
        a.span, b, bias: bias?.span, accumulating: accumulating, activation: activation, into: &cSpan, scratch: &scratchSpan, on: processor)
    } else {
      product.run(
        a.span, b.span, bias: bias?.span, accumulating: accumulating, activation: activation, into: &cSpan, scratch: &scratchSpan, on: processor)
    }
    return c
  }
}
