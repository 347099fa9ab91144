extension Benchmark {
  /// Parts of training steps: the kernels that take most of their time, forwards and backwards, without losses, optimiser and the smaller layers.
  static let trainingKernels: [Benchmark] = [
    Benchmark("style-step kernels fp32") { processor throws(BenchmarkError) in
      try StyleStepKernels.prepared(.vgg16, row: "style-step kernels fp32", on: processor)
    },
    RecurrentTraining(.gru, layers: 2, inputs: 196, units: 128, batch: 8, steps: 1375).row("trigger-train kernels fp32"),
    RecurrentTraining(.lstm, layers: 2, inputs: 64, units: 256, batch: 32, steps: 128).row("lstm-train kernels fp32"),
    Benchmark("resnet18-train kernels fp32") { processor throws(BenchmarkError) in
      try ConvolutionTraining.prepared(ConvolutionTraining.resNet18, row: "resnet18-train kernels fp32", on: processor)
    },
  ]
}
