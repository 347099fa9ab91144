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
    Benchmark("concatenate 2 × 128×26×26", on: [1, 128, 26, 26]) { b, x in try b.concatenate(try b.lead(x), try b.lead(x)) },
  ]

  private static func onMaps(_ name: String, _ channels: Int, at side: Int, _ operation: @escaping @Sendable () -> any Operation) -> Benchmark {
    Benchmark("\(name) \(channels)×\(side)×\(side)", on: [1, channels, side, side]) { b, x in
      try b.graph.append(operation(), [try b.lead(x)], name: name)
    }
  }

  private static func pooling(_ kind: PoolingKind, size: Int, stride: Int, _ channels: Int, at side: Int) -> Benchmark {
    onMaps("\(kind) pooling \(size)×\(size)/\(stride)", channels, at: side) { Pooling2D(kind, size: size, stride: stride) }
  }
}
