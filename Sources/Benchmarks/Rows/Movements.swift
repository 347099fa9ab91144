import Graphs
import Kernels

extension Benchmark {
  /// Operations whose time is the time of reading and writing, in the layout that they meet in networks.
  static let movements: [Benchmark] = [
    // Far more than any cache holds: the speed of memory.
    Benchmark("scale and shift 64×512×512", on: [1, 64, 512, 512]) { b, x in
      try b.graph.append(Affine(scale: 0.5, shift: 1), [x], name: "affine")
    },
    pooling(.max, size: 2, stride: 2, 64, at: 224),
    pooling(.max, size: 3, stride: 2, 64, at: 112),
    pooling(.average, size: 2, stride: 2, 64, at: 224),
    onMaps("global average", 2048, at: 7) { GlobalAverage() },
    Benchmark("add 256×56×56", on: [1, 256, 56, 56]) { b, x in
      try b.graph.append(Add(activation: .relu), [try b.lead(x), try b.lead(x)], name: "add")
    },
    onMaps("relu", 256, at: 56) { Activate(.relu) },
    onMaps("logistic", 256, at: 56) { Activate(.logistic) },
    onMaps("swish", 256, at: 56) { Activate(.swish) },
    onMaps("mish", 256, at: 56) { Activate(.mish) },
    onMaps("upsample", 128, at: 13) { Upsample2D(factor: 2) },
    onMaps("bilinear resize", 128, at: 26) { Resize2D(height: 52, width: 52, .bilinear) },
    // Of a single picture the parts are written where they belong, and nothing is left to do.
    Benchmark("concatenate 2 × 128×26×26 batch 2", on: [2, 128, 26, 26]) { b, x in try b.concatenate(try b.lead(x), try b.lead(x)) },
    // One pass over memory.
    Benchmark("affine, relu, add, affine 64×512×512", on: [1, 64, 512, 512]) { b, x in
      let line = try b.graph.append(Activate(.relu), [try b.graph.append(Affine(scale: 0.5, shift: 1), [x])])
      return try b.graph.append(Affine(scale: 2, shift: 0.5), [try b.graph.append(Add(), [line, x])], name: "chain")
    },
    rows("layer normalization", of: 768) { b, x in
      let gamma = b.parameters("gamma", [768], in: 0.5..<1.5), beta = b.parameters("beta", [768], in: -0.5..<0.5)
      return try b.graph.append(LayerNormalization(), [x, gamma, beta], name: "norm")
    },
    rows("sum of each row", of: 1024) { b, x in try b.graph.append(Reduce(.sum, axes: [1]), [x], name: "sum") },
    rows("sum of each column", of: 1024) { b, x in try b.graph.append(Reduce(.sum, axes: [0]), [x], name: "sum") },
    rows("largest index of each row", of: 1024) { b, x in try b.graph.append(LargestIndex(axis: 1), [x], name: "argmax") },
  ]

  private static func onMaps(_ name: String, _ channels: Int, at side: Int, _ operation: @escaping @Sendable () -> any Operation) -> Benchmark {
    Benchmark("\(name) \(channels)×\(side)×\(side)", on: [1, channels, side, side]) { b, x in
      try b.graph.append(operation(), [try b.lead(x)], name: name)
    }
  }

  private static func rows(
    _ name: String, of count: Int, _ build: @escaping @Sendable (inout NetworkBuilder, Graph.Index) throws -> Graph.Index
  ) -> Benchmark {
    Benchmark("\(name) 4096×\(count)", on: [4096, count], build)
  }

  private static func pooling(_ kind: PoolingKind, size: Int, stride: Int, _ channels: Int, at side: Int) -> Benchmark {
    onMaps("\(kind) pooling \(size)×\(size)/\(stride)", channels, at: side) { Pooling2D(kind, size: size, stride: stride) }
  }
}
