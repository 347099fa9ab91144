import Learning
import Media
import Tensors

extension Experiment {
  /// Deeper networks on the same pictures.
  static let deep = Experiment(name: "deep", summary: "networks of one, two and four layers on pictures") { bench in
    let (train, test) = try pictures(on: bench), inputs = train.x.shape[1]
    var report = LabReport(data: train.source, columns: ["layers", "cost", "train", "test"]), runs: [(String, [(iteration: Int, cost: Float)])] = []
    for sizes in [[inputs, 1], [inputs, 7, 1], [inputs, 20, 7, 5, 1]] {
      var random = RandomNumbers(seed: bench.seed)
      let name = sizes.map(String.init).joined(separator: "-")
      let start = MultilayerPerceptron(sizes, initializer: .lecunNormal, using: &random)
      let run = Descent(start, on: train, rate: 0.0075, iterations: bench.iterations(2500), what: name, bench: bench)
      report.add(
        .text(name), .number(Double(run.costs.last!.cost), digits: 4), .part(run.network.accuracy(on: train, bench.processor)),
        .part(run.network.accuracy(on: test, bench.processor)))
      runs.append((name, run.costs))
    }
    try report.add("costs", .costs("Deeper networks", runs))
    report.conclusion = "Best on pictures it has seen: \(report.best("train")); on others: \(report.best("test"))."
    return report
  }
}
