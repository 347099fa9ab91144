import Kernels
import Learning
import Tensors
import Testing

/// Losses and their gradients against PyTorch: `Fixtures/losses.py` made the numbers.
@Suite struct LossTests {
  struct Case: Decodable {
    let none, gradient: [Float]
    let mean, sum: Float
  }

  struct Document: Decodable {
    let targets: [Float]
    let byClass: Float
    let cases: [String: Case]
  }

  static let document = Result { try fixture("losses.json", as: Document.self) }

  private let logits = noise(1, [6, 4], scale: 6), largeLogits = noise(1, [6, 4], scale: 6000), values = noise(6, [6, 4], scale: 6)
  private let weights = shifted(noise(4, [6, 4]), 1), rowWeights = shifted(noise(3, [6]), 1), answers = shifted(noise(5, [6, 4]), 0.5)
  private let a = noise(8, [6, 5], scale: 2), b = noise(9, [6, 5], scale: 2), c = noise(10, [6, 5], scale: 2)
  private let same = Tensor([6], [1, 0, 1, 0, 0, 1])
  private let signs = Tensor([6, 4], noise(7, [6, 4]).elements.map { $0 > 0 ? 1 : -1 })
  private let labels = (0..<6).map { (3 * $0 + $0 / 3) % 4 }
  private var ones: Tensor {
    var result = Tensor([6, 4])
    for (row, label) in labels.enumerated() { result[row, label] = 1 }
    return result
  }
  private func targets() throws -> Tensor { Tensor([6, 4], try Self.document.get().targets) }

  /// The mean as a loss, and the same with the other reductions.
  private func run(_ x: Tensor, _ others: [Tensor], _ loss: (Node, [Node], LossReduction) -> Node) -> (values: [[Float]], gradient: [Float]) {
    let inputs = others.indices.map { (name: "\($0)", shape: others[$0].shape) } + [(name: "unused", shape: [1])]
    var step = TrainingStep(Probe(input: Parameter(x), body: Nothing()), inputs: inputs, processor: Processor(threadCount: 2)) { probe, given in
      let x = probe.input.node(in: given[0].recorder), others = Array(given.dropLast()), mean = loss(x, others, .mean)
      return (mean, [loss(x, others, .sum), loss(x, others, .none)])
    }
    let mean = step.run(others + [Tensor([1])])
    return ([[mean], step.outputs[0].elements, step.outputs[1].elements], step.gradients[0].elements)
  }

  private func check(_ name: String, _ x: Tensor, _ others: [Tensor], tolerance: Float = 1e-5, _ loss: (Node, [Node], LossReduction) -> Node) throws {
    let expected = try #require(try Self.document.get().cases[name], "\(name)"), (values, gradient) = run(x, others, loss)
    expectClose(values[0], [expected.mean], tolerance: tolerance, "\(name), mean")
    expectClose(values[1], [expected.sum], tolerance: tolerance, "\(name), sum")
    expectClose(values[2], expected.none, tolerance: tolerance, "\(name), none")
    expectClose(gradient, expected.gradient, tolerance: tolerance, "\(name), gradient")
  }

  @Test func softmax() throws {
    let targets = try targets()
    try check("softmax", logits, [targets]) { softmaxCrossEntropy($0, $1[0], reduction: $2) }
    try check("softmax, labels", logits, [ones]) { softmaxCrossEntropy($0, $1[0], reduction: $2) }
    try check("softmax, weights", logits, [targets, rowWeights]) { softmaxCrossEntropy($0, $1[0], weights: $1[1], reduction: $2) }
    try check("softmax, smoothing", logits, [ones]) { softmaxCrossEntropy($0, $1[0], labelSmoothing: 0.1, reduction: $2) }
    try check("softmax, weights and smoothing", logits, [targets, rowWeights]) {
      softmaxCrossEntropy($0, $1[0], weights: $1[1], labelSmoothing: 0.2, reduction: $2)
    }
    try check("softmax, large", largeLogits, [targets]) { softmaxCrossEntropy($0, $1[0], reduction: $2) }
  }

  @Test func classesThatCountDifferently() throws {
    let byClass: [Float] = [0.5, 1.5, 2.0, 0.25], rows = Tensor([6], labels.map { byClass[$0] })
    let found = run(logits, [ones, rows]) { softmaxCrossEntropy($0, $1[0], weights: $1[1], reduction: $2) }
    expectClose(found.values[0], [try Self.document.get().byClass], "weights of classes")
  }

  @Test func logistic() throws {
    try check("logistic", logits, [answers]) { logisticCrossEntropy($0, $1[0], reduction: $2) }
    try check("logistic, positive weight", logits, [answers]) { logisticCrossEntropy($0, $1[0], positiveWeight: 2.5, reduction: $2) }
    try check("logistic, weights", logits, [answers, weights]) { logisticCrossEntropy($0, $1[0], weights: $1[1], reduction: $2) }
    try check("logistic, smoothing", logits, [answers]) { logisticCrossEntropy($0, $1[0], labelSmoothing: 0.1, reduction: $2) }
    try check("logistic, all", logits, [answers, weights]) {
      logisticCrossEntropy($0, $1[0], positiveWeight: 2.5, weights: $1[1], labelSmoothing: 0.1, reduction: $2)
    }
    try check("logistic, large", largeLogits, [answers]) { logisticCrossEntropy($0, $1[0], reduction: $2) }
  }

  @Test func regression() throws {
    try check("squared", logits, [values]) { squaredError($0, $1[0], reduction: $2) }
    try check("squared, weights", logits, [values, weights]) { squaredError($0, $1[0], weights: $1[1], reduction: $2) }
    try check("absolute", logits, [values]) { absoluteError($0, $1[0], reduction: $2) }
    try check("absolute, weights", logits, [values, weights]) { absoluteError($0, $1[0], weights: $1[1], reduction: $2) }
    try check("huber", logits, [values]) { huberLoss($0, $1[0], reduction: $2) }
    try check("huber, narrow", logits, [values, weights]) { huberLoss($0, $1[0], delta: 0.4, weights: $1[1], reduction: $2) }
    try check("hinge", logits, [signs]) { hingeLoss($0, $1[0], reduction: $2) }
    try check("hinge, weights", logits, [signs, weights]) { hingeLoss($0, $1[0], weights: $1[1], reduction: $2) }
  }

  @Test func embeddings() throws {
    try check("contrastive", a, [b, same]) { contrastiveLoss($0, $1[0], same: $1[1], reduction: $2) }
    try check("contrastive, wide", a, [b, same]) { contrastiveLoss($0, $1[0], same: $1[1], margin: 3, reduction: $2) }
    try check("triplet", a, [b, c]) { tripletLoss($0, $1[0], $1[1], reduction: $2) }
    try check("triplet, wide", a, [b, c]) { tripletLoss($0, $1[0], $1[1], margin: 2.5, reduction: $2) }
    try check("cosine", a, [b, same]) { cosineLoss($0, $1[0], same: $1[1], reduction: $2) }
    try check("cosine, margin", a, [b, same]) { cosineLoss($0, $1[0], same: $1[1], margin: 0.3, reduction: $2) }
    let short = a.scaled(1e-3), other = b.scaled(1e-3)
    try check("cosine, short", short, [other], tolerance: 1e-4) { x, given, reduction in
      let similarity = cosineSimilarity(x, given[0])
      return reduction == .mean ? similarity.mean() : reduction == .sum ? similarity.sum() : similarity
    }
  }

  /// Where a root or a quotient has no derivative, the gradient is a number all the same.
  @Test func vectorsThatAreEqualOrZero() {
    let zero = Tensor([6, 5])
    for (x, y) in [(a, a), (zero, b), (zero, zero)] {
      let losses = [
        run(x, [y, same]) { contrastiveLoss($0, $1[0], same: $1[1], reduction: $2) },
        run(x, [y, same]) { cosineLoss($0, $1[0], same: $1[1], reduction: $2) },
        run(x, [y, zero]) { tripletLoss($0, $1[0], $1[1], reduction: $2) },
      ]
      for (number, found) in losses.enumerated() {
        #expect((found.values.flatMap { $0 } + found.gradient).allSatisfy { $0.isFinite }, "loss \(number)")
      }
    }
  }
}

private func shifted(_ x: Tensor, _ shift: Float) -> Tensor { Tensor(x.shape, x.elements.map { $0 + shift }) }

extension Tensor {
  fileprivate func scaled(_ factor: Float) -> Tensor { Tensor(shape, elements.map { $0 * factor }) }
}
