import Graphs

extension Benchmark {
  /// The rows of the speed table that are inference of whole networks.
  static let networks: [Benchmark] =
    BenchmarkNetwork.all.map { network in Benchmark("\(network.name) fp32") { network.graph().graph } } + [
      Benchmark("style-step forward fp32") { BenchmarkNetwork.vgg16ToFourthBlock.graph().graph }
    ] + reducedNetworks

  /// Random weights make the most of rounding: the tolerances are what these networks, with errors of some 1/256 and 1/127 in each layer, come to and
  /// half more.
  private static let reducedNetworks: [Benchmark] = BenchmarkNetwork.all.flatMap { network in
    [
      Benchmark("\(network.name) bf16", tolerance: 0.05, precision: { _ in .bfloat16 }) { network.graph().graph },
      Benchmark("\(network.name) int8", tolerance: 0.5, precision: { .int8($0.calibratedOnRandomInputs()) }) { network.graph().graph },
    ]
  }
}
