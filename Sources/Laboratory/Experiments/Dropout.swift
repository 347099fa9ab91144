import Learning
import Media
import Tensors

extension Experiment {
  /// More and more units left out while a network learns.
  static let dropout = Experiment(name: "dropout", summary: "none to half of the hidden units left out while a network learns") { bench in
    let train = try bench.examples("regularization/train.csv") { .field(211, using: &$0) }
    let validation = try bench.examples("regularization/validation.csv") { .field(200, using: &$0) }
    var report = LabReport(data: train.source, columns: ["left out", "train", "validation", "gap"]), runs: [(String, [(iteration: Int, cost: Float)])] = []
    for rate: Float in [0, 0.1, 0.2, 0.3, 0.5] {
      var random = RandomNumbers(seed: bench.seed)
      let name = "\(Int((100 * rate).rounded())) %"
      let start = MultilayerPerceptron([2, 20, 3, 1], dropout: rate, initializer: .lecunNormal, using: &random)
      let run = Descent(start, on: train, rate: 0.3, iterations: bench.iterations(30_000), what: name, bench: bench)
      let learned = run.network.accuracy(on: train, bench.processor), carried = run.network.accuracy(on: validation, bench.processor)
      report.add(.text(name), .part(learned), .part(carried), .part(learned - carried))
      runs.append((name, run.costs))
      if rate == 0 || rate == 0.5 {
        try report.add("boundary-\(Int(100 * rate))", .boundary("\(name) left out", of: run.network, train, bench.processor))
      }
    }
    try report.add("costs", .costs("Dropout: the cost while units are left out", runs))
    report.conclusion = "Best on the validation set: \(report.best("validation")) left out. The cost is noisy, since each iteration trains another part of the network."
    return report
  }
}
