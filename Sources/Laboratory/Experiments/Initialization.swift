import Learning
import Media
import Tensors

extension Experiment {
  /// Zeros, large numbers, and He's deviation as a beginning.
  static let initialization = Experiment(name: "initialization", summary: "zeros, large and well-scaled weights as a beginning") { bench in
    let train = try bench.examples("planar/circles_train.csv") { .circles(300, using: &$0) }
    let test = try bench.examples("planar/circles_test.csv") { .circles(100, using: &$0) }
    var report = LabReport(data: train.source, columns: ["weights begin", "cost", "train", "test"]), runs: [(String, [(iteration: Int, cost: Float)])] = []
    let beginnings: [(String, Initializer)] = [("as zeros", .zeros), ("normal × 10", .normal(deviation: 10)), ("as He et al.", .heNormal)]
    for (name, initializer) in beginnings {
      var random = RandomNumbers(seed: bench.seed)
      let start = MultilayerPerceptron([2, 10, 5, 1], initializer: initializer, using: &random)
      let run = Descent(start, on: train, rate: 0.01, iterations: bench.iterations(15_000), what: name, bench: bench)
      report.add(
        .text(name), .number(Double(run.costs.last!.cost), digits: 4), .part(run.network.accuracy(on: train, bench.processor)),
        .part(run.network.accuracy(on: test, bench.processor)))
      runs.append((name, run.costs))
      if initializer != .zeros { try report.add(initializer == .heNormal ? "boundary-he" : "boundary-large", .boundary("Weights begin \(name)", of: run.network, train, bench.processor)) }
    }
    try report.add("costs", .costs("Initialisation", runs, largest: 1.2))
    report.conclusion = "Units that begin alike stay alike: zeros learn nothing. Best on other examples: weights that begin \(report.best("test"))."
    return report
  }
}
