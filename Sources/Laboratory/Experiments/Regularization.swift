import Learning
import Media
import Tensors

extension Experiment {
  /// A network that is too large for its examples: as it is, with L2, and with dropout.
  static let regularization = Experiment(name: "regularization", summary: "a network that learns noise: as it is, with L2, with dropout") { bench in
    let train = try bench.examples("regularization/train.csv") { .field(211, using: &$0) }
    let validation = try bench.examples("regularization/validation.csv") { .field(200, using: &$0) }
    var report = LabReport(data: train.source, columns: ["regularisation", "train", "validation", "gap"])
    var runs: [(String, [(iteration: Int, cost: Float)])] = []
    for (name, file, l2, dropout) in [("none", "none", Float(0), Float(0)), ("L2, λ = 0.7", "l2", 0.7, 0), ("dropout 0.14", "dropout", 0, 0.14)] {
      var random = RandomNumbers(seed: bench.seed)
      let start = MultilayerPerceptron([2, 20, 3, 1], dropout: dropout, initializer: .lecunNormal, using: &random)
      let run = Descent(start, on: train, rate: 0.3, iterations: bench.iterations(30_000), l2: l2, what: name, bench: bench)
      let learned = run.network.accuracy(on: train, bench.processor), carried = run.network.accuracy(on: validation, bench.processor)
      report.add(.text(name), .part(learned), .part(carried), .part(learned - carried))
      runs.append((name, run.costs))
      try report.add("boundary-\(file)", .boundary("Regularisation: \(name)", of: run.network, train, bench.processor))
    }
    try report.add("costs", .costs("Regularisation", runs))
    report.conclusion = "Best on the validation set: \(report.best("validation")). A gap above 0 is what was learned and does not carry over; see how the borders wind around single examples."
    return report
  }
}
