import Foundation
import Kernels
import Learning
import Tensors
import Testing

/// Whole training steps against PyTorch: `Fixtures/training_steps.py` made the numbers.
@Suite struct TrainingStepTests {
  private struct Reference: Decodable {
    let losses: [Float]
    let gradients, statistics: [String: [Float]]
  }

  private func reference(_ name: String) throws -> Reference {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/training_steps.json")
    struct Document: Decodable { let perceptron, convolutional, gru, lstm: Reference }
    let document = try JSONDecoder().decode(Document.self, from: Data(contentsOf: file))
    return ["perceptron": document.perceptron, "convolutional": document.convolutional, "gru": document.gru, "lstm": document.lstm][name]!
  }

  /// The formula of the script: number i of tensor k.
  private func noise(_ k: Int, _ shape: Shape, scale: Float = 1) -> Tensor {
    Tensor(shape, (0..<shape.count).map { i in
      let word = (UInt64(i + 1000 * k) &* 2_654_435_761 &+ 12_345) % (1 << 32)
      return Float((Double(word) / 4_294_967_296 - 0.5) * Double(scale))
    })
  }

  private func check(
    _ name: String, _ network: some Layer, input: Shape, classes: Int, rows: Int, optimizer: some Optimizer, threads: Int
  ) throws {
    var network = network, optimizer = optimizer, number = 0
    network.forEachParameter { name, parameter in
      guard parameter.kind == .learned else { return }
      let isNorm = name.contains("norm"), drawn = noise(number, parameter.value.shape, scale: isNorm ? 0.2 : 0.8)
      parameter.value = isNorm && name.hasSuffix("weight") ? Tensor(drawn.shape, drawn.elements.map { $0 + 1 }) : drawn
      number += 1
    }
    let reference = try reference(name)
    var step = TrainingStep(network, inputs: [("x", input), ("targets", [rows, classes])], processor: Processor(threadCount: threads)) {
      softmaxCrossEntropy($0($1[0], phase: .training), $1[1])
    }
    var targets = Tensor([rows, classes])
    for row in 0..<rows { targets[row, (3 * row + row / 3) % classes] = 1 }
    let x = noise(50, input, scale: 2)
    for (index, expected) in reference.losses.enumerated() {
      let loss = step.run([x, targets])
      #expect(abs(loss - expected) <= 2e-5 * max(1, abs(expected)), "\(name), step \(index): \(loss), expected \(expected)")
      if index == 0 {
        #expect(Set(step.names) == Set(reference.gradients.keys))
        for (parameter, gradient) in zip(step.names, step.gradients) {
          let expected = try #require(reference.gradients[parameter]), largest = expected.map(abs).max() ?? 0
          let difference = zip(gradient.elements, expected).map { abs($0 - $1) }.max() ?? .infinity
          #expect(gradient.count == expected.count && difference <= 2e-6 + 1e-4 * largest, "\(name), \(parameter): off by \(difference) of \(largest)")
        }
      }
      step.update(with: &optimizer)
    }
    let found = Dictionary(uniqueKeysWithValues: step.model.parameters.filter { $0.parameter.kind == .statistic }.map { ($0.name, $0.parameter.value.elements) })
    #expect(Set(found.keys) == Set(reference.statistics.keys))
    for (name, expected) in reference.statistics {
      let difference = zip(found[name] ?? [], expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference < 1e-4, "\(name): off by \(difference)")
    }
  }

  @Test(arguments: [1, 3]) func aPerceptronLearnsAsInPyTorch(threads: Int) throws {
    var random = RandomNumbers(seed: 1)
    let network = Perceptron(hidden: Linear(6, 5, using: &random), head: Linear(5, 3, using: &random))
    try check("perceptron", network, input: [7, 6], classes: 3, rows: 7, optimizer: Momentum(learningRate: 0.1, momentum: 0.9), threads: threads)
  }

  @Test(arguments: [1, 3]) func convolutionsWithBatchNormalisationLearnAsInPyTorch(threads: Int) throws {
    var random = RandomNumbers(seed: 1)
    let network = Convolutional(using: &random)
    try check("convolutional", network, input: [4, 3, 12, 12], classes: 4, rows: 4, optimizer: Momentum(learningRate: 0.1, momentum: 0.9), threads: threads)
  }

  @Test(arguments: [RecurrentCell.gru, .lstm]) func recurrentLayersLearnAsInPyTorch(cell: RecurrentCell) throws {
    var random = RandomNumbers(seed: 1)
    let layers = RecurrentLayers(cell, inputs: 3, units: 5, layers: 2, isBidirectional: true, using: &random)
    let network = Sequence(layers: layers, head: Linear(10, 3, using: &random))
    try check(cell == .gru ? "gru" : "lstm", network, input: [4, 6, 3], classes: 3, rows: 24, optimizer: Adam(learningRate: 0.01), threads: 2)
  }

  @Test func theSameBitsForAnyNumberOfThreads() {
    func trained(_ threads: Int) -> [[UInt32]] {
      var random = RandomNumbers(seed: 5), optimizer = Adam()
      var step = TrainingStep(Convolutional(using: &random), inputs: [("x", [5, 3, 12, 12]), ("t", [5, 4])], processor: Processor(threadCount: threads)) {
        softmaxCrossEntropy(Dropout(0.3)($0($1[0], phase: .training), phase: .training), $1[1])
      }
      for number in 0..<3 {
        _ = step.run([noise(9, [5, 3, 12, 12]), noise(10, [5, 4])], seed: number)
        step.update(with: &optimizer)
      }
      return step.model.parameters.map { $0.parameter.value.elements.map(\.bitPattern) }
    }
    let alone = trained(1)
    for threads in [2, 3, 7] { #expect(trained(threads) == alone, "\(threads) threads") }
  }

  @Test func frozenParametersStay() {
    var random = RandomNumbers(seed: 5), optimizer = GradientDescent(learningRate: 0.1), network = Convolutional(using: &random)
    network.stem.freeze()
    network.norm.freeze()
    var step = TrainingStep(network, inputs: [("x", [5, 3, 12, 12]), ("t", [5, 4])]) { softmaxCrossEntropy($0($1[0], phase: .training), $1[1]) }
    #expect(step.names.allSatisfy { !$0.hasPrefix("stem") && !$0.hasPrefix("norm.") } && step.names.contains("block.conv1.weight"))
    _ = step.run([noise(9, [5, 3, 12, 12]), noise(10, [5, 4])])
    step.update(with: &optimizer)
    for ((name, before), after) in zip(network.parameters, step.model.parameters) {
      let isSame = before.value.elements == after.parameter.value.elements
      #expect(isSame == (name.hasPrefix("stem") || name.hasPrefix("norm.")), "\(name)")
    }
  }

  @Test func aModelThatIsTakenUpGoesOnFromThere() {
    var random = RandomNumbers(seed: 5), optimizer = GradientDescent(learningRate: 0.1)
    var step = TrainingStep(Convolutional(using: &random), inputs: [("x", [5, 3, 12, 12]), ("t", [5, 4])]) {
      softmaxCrossEntropy($0($1[0], phase: .training), $1[1])
    }
    let start = step.model
    func losses() -> [Float] {
      (0..<3).map { _ in
        defer { step.update(with: &optimizer) }
        return step.run([noise(9, [5, 3, 12, 12]), noise(10, [5, 4])])
      }
    }
    let first = losses()
    step.model = start
    #expect(losses() == first && first[2] < first[0])
  }
}

struct Perceptron: Layer {
  var hidden: Linear, head: Linear
  func callAsFunction(_ x: Node, phase: Phase) -> Node { head(tanh(hidden(x))) }
  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("hidden", &hidden)
    try visitor.visit("head", &head)
  }
}

struct Residual: Layer {
  var conv1: Conv2D, norm1: BatchNorm, conv2: Conv2D, norm2: BatchNorm

  init(_ channels: Int, using random: inout RandomNumbers) {
    conv1 = Conv2D(channels, channels, kernel: 3, padding: .all(1), hasBias: false, using: &random)
    conv2 = Conv2D(channels, channels, kernel: 3, padding: .all(1), hasBias: false, using: &random)
    norm1 = BatchNorm(channels)
    norm2 = BatchNorm(channels)
  }

  func callAsFunction(_ x: Node, phase: Phase) -> Node {
    relu(x + norm2(conv2(relu(norm1(conv1(x), phase: phase))), phase: phase))
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("conv1", &conv1)
    try visitor.visit("norm1", &norm1)
    try visitor.visit("conv2", &conv2)
    try visitor.visit("norm2", &norm2)
  }
}

struct Convolutional: Layer {
  var stem: Conv2D, norm = BatchNorm(18), block: Residual, head: Linear

  init(using random: inout RandomNumbers) {
    stem = Conv2D(3, 18, kernel: 3, stride: 2, padding: .all(1), using: &random)
    block = Residual(18, using: &random)
    head = Linear(18, 4, using: &random)
  }

  func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let y = MaxPool2D(2)(block(relu(norm(stem(x), phase: phase)), phase: phase))
    return head(GlobalAveragePool2D()(y))
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("stem", &stem)
    try visitor.visit("norm", &norm)
    try visitor.visit("block", &block)
    try visitor.visit("head", &head)
  }
}

struct Sequence: Layer {
  var layers: RecurrentLayers, head: Linear
  func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let states = layers(x, phase: phase).sequence
    return head(states.reshaped([states.shape[0] * states.shape[1], states.shape[2]]))
  }
  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("layers", &layers)
    try visitor.visit("head", &head)
  }
}
