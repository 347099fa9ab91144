extension Benchmark {
  /// The rows of the speed table that are inference of whole networks.
  static let networks: [Benchmark] =
    BenchmarkNetwork.all.map { network in Benchmark("\(network.name) fp32") { network.graph().graph } } + [
      Benchmark("style-step forward fp32") { BenchmarkNetwork.vgg16ToFourthBlock.graph().graph }
    ]
}
