import Graphs
import Kernels
import Learning
import Tensors

extension Benchmark {
  /// Whole steps of training: loss, gradients, running statistics and Adam.
  static let trainingSteps: [Benchmark] = [
    trainingStep("resnet18-train fp32", inputs: [("x", [32, 3, 64, 64]), ("classes", [32, 10])]) { random in
      (.resNet18(classes: 10, using: &random), [noise([32, 3, 64, 64]), oneHot((0..<32).map { $0 % 10 }, classes: 10)])
    } loss: { (network: ResNet, given) in softmaxCrossEntropy(network(given[0], phase: .training), given[1]) },
    trainingStep("lstm-train fp32", inputs: [("text", [32, 128]), ("next", [32 * 128, 96])]) { random in
      let text = (0..<32 * 128).map { $0 * 7919 % 96 }
      return (CharacterNetwork(using: &random), [Tensor([32, 128], text.map { Float($0) }), oneHot(text, classes: 96)])
    } loss: { (network: CharacterNetwork, given) in softmaxCrossEntropy(network(given[0]), given[1]) },
    trainingStep("trigger-train fp32", inputs: [("sound", [8, 101, 5511]), ("said", [8, 1375])]) { random in
      (SpokenWordNetwork(using: &random), [noise([8, 101, 5511]), Tensor([8, 1375])])
    } loss: { (network: SpokenWordNetwork, given) in logisticCrossEntropy(network(given[0]), given[1]) },
    Benchmark("style-step fp32") { processor throws(BenchmarkError) in try StyleStep.prepared(size: 256, row: "style-step fp32", on: processor) },
  ]

  /// A row whose loss and gradients have been compared with those of the plainest kernels.
  private static func trainingStep<Network: Module>(
    _ name: String, inputs: [(name: String, shape: Shape)],
    make: @escaping @Sendable (inout RandomNumbers) -> (network: Network, values: [Tensor]), loss: @escaping @Sendable (Network, [Node]) -> Node
  ) -> Benchmark {
    let shapes = inputs.map { Given(name: $0.name, shape: $0.shape) }
    return Benchmark(name) { processor throws(BenchmarkError) in
      var random = RandomNumbers(seed: 1)
      let (network, values) = make(&random), inputs = shapes.map { (name: $0.name, shape: $0.shape) }
      var step = TrainingStep(network, inputs: inputs, processor: processor, loss: loss)
      var reference = TrainingStep(network, inputs: inputs, processor: processor.plainest, loss: loss)
      let found = step.run(values), expected = reference.run(values)
      try expectClose(Tensor([1], [found]), Tensor([1], [expected]), tolerance: 1e-4, row: name)
      // All gradients together: where rounding turns a ReLU on or off, single elements differ by much.
      func all(_ gradients: [Tensor]) -> [Double] { gradients.flatMap { $0.elements.map(Double.init) } }
      let check = GradientCheck(name: name, gradient: all(step.gradients), differences: all(reference.gradients))
      guard check.relativeDifference < 0.02 else { throw BenchmarkError(row: name, difference: Float(check.relativeDifference), tolerance: 0.02) }
      var optimizer = Adam()
      return PreparedBenchmark(
        work: Work(of: step.program.steps),
        run: {
          _ = step.run(values)
          step.update(with: &optimizer)
        })
    }
  }

  private struct Given: Sendable {
    let name: String
    let shape: Shape
  }

  private static func noise(_ shape: Shape) -> Tensor {
    var random = RandomNumbers(seed: 2)
    return Tensor(shape, normalWith: 1, using: &random)
  }
}

/// Two LSTM layers of 256 between an embedding of 96 characters and their logits.
private struct CharacterNetwork: Module {
  var embedding: Embedding, lstm: RecurrentLayers, output: Linear

  init(using random: inout RandomNumbers) {
    embedding = Embedding(96, 64, using: &random)
    lstm = RecurrentLayers(.lstm, inputs: 64, units: 256, layers: 2, using: &random)
    output = Linear(256, 96, using: &random)
  }

  func callAsFunction(_ text: Node) -> Node {
    let states = lstm(embedding(text), phase: .training).sequence
    return output(states.reshaped([states.shape[0] * states.shape[1], 256]))
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("embedding", &embedding)
    try visitor.visit("lstm", &lstm)
    try visitor.visit("output", &output)
  }
}

/// The network of trigger-infer, as it learns: a convolution along time, batch norm, two GRUs, and a logit a step.
private struct SpokenWordNetwork: Module {
  var convolution: Conv1D, normalization: BatchNorm, recurrent: RecurrentLayers, output: Linear

  init(using random: inout RandomNumbers) {
    convolution = Conv1D(101, 196, kernel: 15, stride: 4, using: &random)
    normalization = BatchNorm(196)
    recurrent = RecurrentLayers(.gru, inputs: 196, units: 128, layers: 2, using: &random)
    output = Linear(128, 1, using: &random)
  }

  func callAsFunction(_ sound: Node) -> Node {
    let maps = relu(normalization(convolution(sound), phase: .training))
    let states = recurrent(maps.permuted([0, 2, 1]), phase: .training).sequence, (batch, steps) = (states.shape[0], states.shape[1])
    return output(states.reshaped([batch * steps, 128])).reshaped([batch, steps])
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("convolution", &convolution)
    try visitor.visit("normalization", &normalization)
    try visitor.visit("recurrent", &recurrent)
    try visitor.visit("output", &output)
  }
}
