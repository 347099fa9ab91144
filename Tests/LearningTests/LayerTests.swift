import Graphs
import Kernels
import Learning
import Tensors
import Testing

/// Layers against PyTorch, in both phases, with the gradients by their inputs and parameters: `Fixtures/layers.py` made the numbers.
@Suite struct LayerTests {
  struct Case: Decodable {
    let input, output: [Int]
    let values, inputGradient: [Float]?
    let training, inference: [Float]
    let gradients, statistics: [String: [Float]]
  }

  static let cases: Result<[String: Case], any Error> = Result {
    struct Document: Decodable { let cases: [String: Case] }
    return try fixture("layers.json", as: Document.self).cases
  }

  private func check<Body: Module>(_ name: String, _ body: Body, isNorm: Bool = false, record: @escaping (Body, Node, Phase) -> Node) throws {
    let expected = try #require(try Self.cases.get()[name], "\(name)"), shape = Shape(expected.input)
    var body = body, number = 0
    body.forEachParameter { parameterName, parameter in
      guard parameter.kind == .learned else { return }
      let drawn = noise(number, parameter.value.shape, scale: 0.8)
      parameter.value = isNorm && parameterName == "weight" ? Tensor(drawn.shape, drawn.elements.map { $0 + 1 }) : drawn
      number += 1
    }
    let x = expected.values.map { Tensor(shape, $0) } ?? noise(50, shape, scale: 2), outputShape = Shape(expected.output)
    let found = record(body, Recorder().input("x", shape), .training).shape
    try #require(found == outputShape, "\(name): the result is \(found), expected \(outputShape)")
    for threads in [1, 3] {
      let processor = Processor(threadCount: threads)
      var step = TrainingStep(Probe(input: Parameter(x), body: body), inputs: [("factors", outputShape)], processor: processor) { probe, inputs in
        let y = record(probe.body, probe.input.node(in: inputs[0].recorder), .training)
        return ((y * inputs[0]).sum(), [y])
      }
      _ = step.run([noise(60, outputShape)])
      expectClose(step.outputs[0].elements, expected.training, "\(name), training")
      #expect(Set(step.names) == Set(["input"] + expected.gradients.keys.map { "body.\($0)" }))
      for (parameter, gradient) in zip(step.names, step.gradients) {
        let wanted = parameter == "input" ? expected.inputGradient : expected.gradients[String(parameter.dropFirst(5))]
        if let wanted { expectClose(gradient.elements, wanted, tolerance: 2e-5, "\(name), gradient of \(parameter)") }
      }
      let statistics = step.model.body.parameters.filter { $0.parameter.kind == .statistic }
      #expect(Set(statistics.map(\.name)) == Set(expected.statistics.keys))
      for (parameter, value) in statistics { expectClose(value.value.elements, expected.statistics[parameter] ?? [], "\(name), \(parameter)") }

      let recorder = Recorder()
      let y = record(step.model.body, recorder.input("x", shape), .inference)
      let found = recorder.graph(returning: [y]).compiled(for: processor).run([x])[0]
      expectClose(found.elements, expected.inference, "\(name), inference")
    }
  }

  private func check(_ name: String, _ layer: some Layer, isNorm: Bool = false) throws {
    try check(name, layer, isNorm: isNorm) { $0($1, phase: $2) }
  }

  @Test func linear() throws {
    var random = RandomNumbers(seed: 1)
    try check("linear", Linear(7, 5, using: &random))
    try check("linear without bias", Linear(7, 5, hasBias: false, using: &random))
  }

  @Test func convolutions() throws {
    var random = RandomNumbers(seed: 1)
    try check("conv2d", Conv2D(4, 6, kernel: 3, stride: 2, padding: .all(1), dilation: 2, groups: 2, using: &random))
    try check("conv1d", Conv1D(3, 5, kernel: 4, stride: 2, padding: (2, 2), using: &random))
    try check("conv1d dilated", Conv1D(4, 6, kernel: 3, dilation: 3, groups: 2, hasBias: false, using: &random))
  }

  @Test func transposedConvolutions() throws {
    var random = RandomNumbers(seed: 1)
    try check("convtranspose2d", ConvTranspose2D(4, 6, kernel: 3, stride: 2, padding: .all(1), outputPadding: 1, using: &random))
    try check(
      "convtranspose2d grouped", ConvTranspose2D(4, 6, kernel: 4, stride: 2, padding: .all(1), groups: 2, hasBias: false, using: &random))
  }

  @Test func adaptivePooling() throws {
    try check("adaptive average, divisible", AdaptiveAveragePool2D(height: 3, width: 3))
    try check("adaptive average, one side each", AdaptiveAveragePool2D(height: 2, width: 4))
    try check("adaptive average, not divisible", AdaptiveAveragePool2D(height: 3, width: 4))
    try check("adaptive average, upwards", AdaptiveAveragePool2D(height: 5, width: 4))
    try check("adaptive average, one pixel", AdaptiveAveragePool2D(height: 1, width: 1))
  }

  @Test func pooling() throws {
    try check("maximum, padded", MaxPool2D(3, stride: 2, padding: .all(1)))
    try check("maximum, ceiling", MaxPool2D(3, stride: 2, padding: .ceiling))
    try check("maximum, ceiling, fitting", MaxPool2D(2, padding: .ceiling))
    try check("average, padded", AveragePool2D(3, stride: 2, padding: .all(1)))
    try check("average", AveragePool2D(2))
  }

  @Test func normalisations() throws {
    try check("batchnorm", BatchNorm(5, epsilon: 1e-3, momentum: 0.2), isNorm: true)
    try check("batchnorm of vectors", BatchNorm(5), isNorm: true)
    try check("layernorm", LayerNorm(9), isNorm: true)
    try check("groupnorm", GroupNorm(6, groups: 2, epsilon: 1e-4), isNorm: true)
    try check("instancenorm", InstanceNorm(5), isNorm: true)
  }

  @Test func embedding() throws {
    var random = RandomNumbers(seed: 1)
    try check("embedding", Embedding(7, 4, using: &random))
  }

  @Test func plainRecurrentLayer() throws {
    var random = RandomNumbers(seed: 1)
    try check("rnn", RNN(inputs: 3, units: 4, using: &random)) { network, x, phase in
      let (sequence, state) = network(x, phase: phase)
      return line([sequence, state])
    }
    try check("rnn with a state", RNN(inputs: 3, units: 4, using: &random)) { network, x, phase in
      let (sequence, state) = network(x, state: x.recorder.constant(noise(70, [3, 4])), phase: phase)
      return line([sequence, state])
    }
  }

  @Test(arguments: [("gru with lengths", RecurrentCell.gru, true), ("lstm with lengths", .lstm, true), ("gru forwards with lengths", .gru, false)])
  func recurrentLayersOverSequencesOfManyLengths(name: String, cell: RecurrentCell, isBidirectional: Bool) throws {
    var random = RandomNumbers(seed: 1)
    let layers = RecurrentLayers(cell, inputs: 3, units: 4, layers: 2, isBidirectional: isBidirectional, using: &random)
    try check(name, layers) { layers, x, phase in
      let result = layers(x, lengths: x.recorder.constant(Tensor([4], [5, 1, 3, 6])), phase: phase)
      return line([result.sequence, result.last] + (result.cells.map { [$0] } ?? []))
    }
  }

  /// Values in one line of numbers.
  private func line(_ values: [Node]) -> Node { concatenated(values.map { $0.reshaped([$0.shape.count]) }, axis: 0) }

  @Test func windowsThatReachTheEdge() {
    func padding(_ kind: ConvolutionPadding, _ size: Int, _ kernel: Int, _ stride: Int) -> Int {
      let recorder = Recorder(), pool = MaxPool2D(kernel, stride: stride, padding: kind)
      return pool(recorder.input("x", [1, 1, size, size])).shape[2]
    }
    for kernel in 1...4 {
      for stride in 1...kernel {
        for size in kernel...12 {
          #expect(padding(.same, size, kernel, stride) == (size + stride - 1) / stride, "\(size), \(kernel) / \(stride)")
          #expect(padding(.ceiling, size, kernel, stride) == (size - kernel + stride - 1) / stride + 1, "\(size), \(kernel) / \(stride)")
        }
      }
    }
  }
}
