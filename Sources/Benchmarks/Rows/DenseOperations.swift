import Graphs

extension Benchmark {
  /// Products of matrices, and what classifiers end with.
  static let denseOperations: [Benchmark] = [
    linear(2048, to: 1000, batch: 1),
    linear(1024, to: 1024, batch: 32),
    Benchmark("softmax 64×1000", on: [64, 1000]) { b, x in try b.graph.append(Softmax(axis: 1), [x], name: "softmax") },
    Benchmark("softmax over 21 channels 512×512", on: [1, 21, 512, 512]) { b, x in try b.graph.append(Softmax(axis: 1), [x], name: "softmax") },
  ]

  private static func linear(_ inputs: Int, to outputs: Int, batch: Int) -> Benchmark {
    Benchmark("linear \(inputs)→\(outputs) batch \(batch)", on: [batch, inputs]) { b, x in
      try b.graph.append(FullyConnected(), [x, b.weights("weight", [outputs, inputs], depth: inputs, gain: 1)], name: "linear")
    }
  }
}
