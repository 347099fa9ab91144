import Graphs
import Kernels
import Learning
import Media
import Tensors

extension Experiment {
  /// Gradients against differences, right ones and two with planted mistakes.
  static let gradientChecking = Experiment(name: "gradient-check", summary: "gradients against central differences, and what a mistake looks like") { bench in
    var random = RandomNumbers(seed: bench.seed)
    let network = MultilayerPerceptron([4, 5, 3, 1], activation: .tanh, initializer: .lecunNormal, using: &random), recorder = Recorder()
    let parameters = network.parameters, x = Tensor([20, 4], normalWith: 1, using: &random)
    let y = Tensor([20, 1], (0..<20).map { Float($0 % 2) }), nodes = parameters.map { recorder.input($0.name, $0.parameter.value.shape) }
    var a = recorder.constant(x)
    for layer in 0..<3 {
      let z = a.applying(FullyConnected(), nodes[2 * layer], nodes[2 * layer + 1])
      a = layer == 2 ? z : tanh(z)
    }
    let loss = logisticCrossEntropy(a, recorder.constant(y))
    let checks = try recorder.graph(returning: [loss]).checkGradients(
      of: loss.index, by: nodes.map(\.index), at: parameters.map(\.parameter.value), processor: bench.processor)
    var report = LabReport(data: "generated", columns: ["gradient of", "as computed", "doubled", "verdict"])
    for check in checks {
      // A doubled gradient differs from g by a third of the lengths' sum.
      let doubled = GradientCheck(name: check.name, gradient: [2 * check.worst.gradient, 1], differences: [check.worst.difference, 1])
      report.add(
        .text(check.name), .number(check.relativeDifference, digits: 6), .number(doubled.relativeDifference, digits: 6),
        .text(check.isRight && !doubled.isRight ? "right, and a mistake is seen" : check.isRight ? "right" : "WRONG"))
    }
    func add(_ name: String, _ found: (own: GradientCheck, doubled: GradientCheck)) {
      report.add(
        .text(name), .number(found.own.relativeDifference, digits: 6), .number(found.doubled.relativeDifference, digits: 6),
        .text(found.own.isRight && !found.doubled.isRight ? "right, and a mistake is seen" : found.own.isRight ? "right" : "WRONG"))
      differences.append(found.own.relativeDifference)
      rightCount += found.own.isRight ? 1 : 0
    }
    var differences = checks.map(\.relativeDifference), rightCount = checks.count { $0.isRight }
    let pictures = Tensor([4, 2, 6, 6], normalWith: 1, using: &random), classes = oneHot([0, 1, 2, 0], classes: 3)
    add("CNN with batch norm, all at once", check(SmallNormalizedCNN(using: &random), [pictures, classes], bench.processor) {
      softmaxCrossEntropy($0($1[0], phase: .training), $1[1])
    })
    let sequences = Tensor([3, 5, 2], normalWith: 1, using: &random), answers = oneHot([2, 0, 1], classes: 3)
    for (name, cell) in [("GRU", RecurrentCell.gru), ("LSTM", .lstm)] {
      add("\(name) of 4 units, all at once", check(RecurrentClassifier(cell, using: &random), [sequences, answers], bench.processor) {
        softmaxCrossEntropy($0($1[0], phase: .training), $1[1])
      })
    }
    let largest = Int(1e6 * (differences.max() ?? 0))
    report.conclusion = "\(rightCount) of \(differences.count) gradients are right; the largest difference is \(largest) millionths, "
    report.conclusion += "in single precision."
    return report
  }

  /// The gradient by all parameters of a module as one vector, and the same with that of the first parameter doubled: a planted mistake.
  private static func check<Model: Module>(
    _ model: Model, _ inputs: [Tensor], _ processor: Processor, loss: (Model, [Node]) -> Node
  ) -> (own: GradientCheck, doubled: GradientCheck) {
    var step = TrainingStep(model, inputs: inputs.enumerated().map { ("input \($0.offset)", $0.element.shape) }, processor: processor, loss: loss)
    _ = step.run(inputs)
    let gradients = step.gradients, start = step.parameters.flatMap { $0.elements.map(Double.init) }
    func cost(at place: [Double]) -> Double {
      var changed = model, rest = place[...]
      changed.forEachParameter { _, parameter in
        guard parameter.kind == .learned else { return }
        let shape = parameter.value.shape
        parameter.value = Tensor(shape, rest.prefix(shape.count).map(Float.init))
        rest = rest.dropFirst(shape.count)
      }
      step.model = changed
      return Double(step.run(inputs))
    }
    let own = GradientCheck(name: "", gradient: gradients.flatMap { $0.elements.map(Double.init) }, of: cost, at: start, step: 0.01)
    let wrong = gradients.enumerated().flatMap { place, gradient in gradient.elements.map { Double(place == 0 ? 2 * $0 : $0) } }
    return (own, GradientCheck(name: "", gradient: wrong, of: cost, at: start, step: 0.01))
  }
}

/// Two convolutions, each normalised over the batch, and a linear layer. The tangent has no kinks, at which differences would be no gradients.
private struct SmallNormalizedCNN: Layer {
  var conv1, conv2: Conv2D
  var bn1 = BatchNorm(3), bn2 = BatchNorm(4)
  var head: Linear

  init(using random: inout RandomNumbers) {
    // A normalisation takes off what a bias would add.
    conv1 = Conv2D(2, 3, kernel: 3, padding: .all(1), hasBias: false, using: &random)
    conv2 = Conv2D(3, 4, kernel: 3, stride: 2, padding: .all(1), hasBias: false, using: &random)
    head = Linear(4 * 9, 3, initializer: .lecunNormal, using: &random)
  }

  func callAsFunction(_ x: Node, phase: Phase) -> Node {
    head(tanh(bn2(conv2(tanh(bn1(conv1(x), phase: phase))), phase: phase)).flattened)
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("conv1", &conv1)
    try visitor.visit("bn1", &bn1)
    try visitor.visit("conv2", &conv2)
    try visitor.visit("bn2", &bn2)
    try visitor.visit("head", &head)
  }
}

/// A recurrent layer over a sequence, and a linear one on its last state.
private struct RecurrentClassifier: Layer {
  var layers: RecurrentLayers
  var head: Linear

  init(_ cell: RecurrentCell, using random: inout RandomNumbers) {
    layers = RecurrentLayers(cell, inputs: 2, units: 4, using: &random)
    head = Linear(4, 3, initializer: .lecunNormal, using: &random)
  }

  func callAsFunction(_ x: Node, phase: Phase) -> Node { head(layers(x, phase: phase).last) }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("layers", &layers)
    try visitor.visit("head", &head)
  }
}
