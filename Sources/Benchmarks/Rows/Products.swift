import Graphs

extension Benchmark {
  /// The product of matrices of the speed table: no operand is known before the run.
  static let products: [Benchmark] = [
    Benchmark("sgemm-1024 fp32") {
      var graph = Graph()
      let a = graph.input("a", [1024, 1024]), b = graph.input("b", [1024, 1024])
      graph.outputs = [matrixProduct(a, b, in: &graph)]
      return graph
    }
  ]

  private static func matrixProduct(_ a: Graph.Index, _ b: Graph.Index, in graph: inout Graph) -> Graph.Index {
    do { return try graph.append(MatrixMultiply(), [a, b], name: "product") } catch { preconditionFailure("\(error)") }
  }
}
