import Graphs
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
    report.conclusion = "\(checks.count { $0.isRight }) of \(checks.count) gradients are right; the largest difference is \(Int(1e6 * (checks.map(\.relativeDifference).max() ?? 0))) millionths, in single precision."
    return report
  }
}
