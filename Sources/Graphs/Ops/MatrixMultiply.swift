import Kernels
import Tensors

/// c[…, i, j] = activation(Σ_k op(a)[…, i, k] · op(b)[…, k, j]), op being nothing or the transposition of the last two axes
///
/// Inputs: a and b, both matrices, or both [batch, …] of as many; or a [batch, rows, depth] and one matrix b for all, if a is not transposed.
public struct MatrixMultiply: Operation {
  public var transposesA, transposesB: Bool
  /// Applied to the result where it is written.
  public var activation: Activation

  public init(transposesA: Bool = false, transposesB: Bool = false, activation: Activation = .linear) {
    self.transposesA = transposesA
    self.transposesB = transposesB
    self.activation = activation
  }

  public var name: String { "matrix product" }

  public func multiplyAdds(for site: Site) -> Int {
    let (product, batch) = product(at: site)
    return batch * product.rows * product.columns * product.depth
  }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...2)
    let a = inputs[0], b = inputs[1]
    guard 2...3 ~= a.rank, 2...3 ~= b.rank, a.rank >= b.rank, b.rank == 2 || a[0] == b[0] else {
      throw ShapeError("expected two matrices, or as many of each")
    }
    guard a.rank == b.rank || !transposesA else { throw ShapeError("a batch of transposed matrices takes a batch on the right") }
    let depth = a[transposesA ? -2 : -1], found = b[transposesB ? -1 : -2]
    guard depth == found else { throw ShapeError("sums of \(depth) products on the left, of \(found) on the right") }
    let rows = a[transposesA ? -1 : -2], columns = b[transposesB ? -2 : -1]
    return a.rank == 2 ? [rows, columns] : [a[0], rows, columns]
  }

  public func scratchCount(for site: Site) -> Int {
    let (product, batch) = product(at: site)
    return product.scratchCount * (sharesBatch(product, batch) ? site.processor.threads.threadCount : 1)
  }

  public func prepare(at site: Site) -> KernelCall {
    let (product, batch) = product(at: site), processor = site.processor
    if let b = site.constants[1], batch == 1, product.rows > 8, product.columns > 4 {
      let packed = PackedMatrix(b.span, depth: product.depth, columns: product.columns, isTransposed: transposesB, on: processor)
      return KernelCall { inputs, output, scratch in
        product.run(inputs[0], packed, activation: activation, into: &output, scratch: &scratch, on: processor)
      }
    }
    let sharesBatch = sharesBatch(product, batch)
    return KernelCall { inputs, output, scratch in
      product.run(
        batch: batch, inputs[0], inputs[1], activation: activation, sharingBatch: sharesBatch, into: &output, scratch: &scratch, on: processor)
    }
  }

  /// The product of one item, and how many there are. One matrix on the right multiplies the rows of all items at once.
  private func product(at site: Site) -> (MatrixProduct, batch: Int) {
    let a = site.inputs[0], b = site.inputs[1], isOne = a.rank == 2 || b.rank == 2
    let rows = a[transposesA ? -1 : -2] * (a.rank > b.rank ? a[0] : 1)
    let product = MatrixProduct(
      rows: rows, columns: site.output[-1], depth: a[transposesA ? -2 : -1], transposesA: transposesA, transposesB: transposesB,
      kernels: site.processor.kernels)
    return (product, isOne ? 1 : a[0])
  }

  /// Whether threads take whole items: where there are many, and small.
  private func sharesBatch(_ product: MatrixProduct, _ batch: Int) -> Bool {
    batch >= 4 && product.rows * product.columns * product.depth < 1 << 24
  }
}

extension MatrixMultiply {
  /// op(da) = dc · op(b)ᵀ, op(db) = op(a)ᵀ · dc
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    var plain = self
    plain.activation = .linear
    let gradient = try site.gradient(before: activation, of: plain, in: &graph), a = site.inputs[0], b = site.inputs[1]
    var da: Graph.Index?, db: Graph.Index?
    if site.isWanted[0] {
      da = transposesA
        ? try graph.append(MatrixMultiply(transposesA: transposesB, transposesB: true), [b, gradient])
        : try graph.append(MatrixMultiply(transposesB: !transposesB), [gradient, b])
    }
    if site.isWanted[1] {
      // One matrix for a whole batch: all rows of the batch are rows of one matrix.
      var rows = a, results = gradient
      let shape = graph[a].shape, result = graph[gradient].shape
      if shape.rank == 3, graph[b].shape.rank == 2 {
        rows = try graph.reshaped(a, [shape[0] * shape[1], shape[2]])
        results = try graph.reshaped(gradient, [result[0] * result[1], result[2]])
      }
      db = transposesB
        ? try graph.append(MatrixMultiply(transposesA: true, transposesB: transposesA), [results, rows])
        : try graph.append(MatrixMultiply(transposesA: !transposesA), [rows, results])
    }
    return [da, db]
  }
}
