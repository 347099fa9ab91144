import Learning
import Media
import Tensors

extension Experiment {
  /// A deep, narrow network at three learning rates, with and without batch normalisation.
  static let batchNormalization = Experiment(name: "batchnorm", summary: "a deep network at three learning rates, with and without batch normalisation") { bench in
    let train = try bench.examples("planar/circles_train.csv") { .circles(300, using: &$0) }
    let test = try bench.examples("planar/circles_test.csv") { .circles(100, using: &$0) }
    var report = LabReport(data: train.source, columns: ["network", "learning rate", "cost", "train", "test"])
    var runs: [(String, [(iteration: Int, cost: Float)])] = []
    for rate: Float in [0.01, 0.1, 1] {
      for isNormalized in [false, true] {
        var random = RandomNumbers(seed: bench.seed)
        let start = deepNetwork(isNormalized: isNormalized, using: &random), name = isNormalized ? "with batch norm" : "plain"
        let run = Descent(start, on: train, rate: rate, iterations: bench.iterations(2000), what: "\(name), \(rate)", bench: bench)
        report.add(
          .text(name), .number(Double(rate), digits: 2), .number(Double(run.costs.last!.cost), digits: 4),
          .part(run.network.accuracy(on: train, bench.processor)), .part(run.network.accuracy(on: test, bench.processor)))
        runs.append(("\(name), α = \(rate)", run.costs))
      }
    }
    try report.add("costs", .costs("Batch normalisation", runs, largest: 0.8))
    report.conclusion = "Best on other examples: \(report.best("test")). The costs show at which rates each network learns at all."
    return report
  }

  /// Six layers: 2-10-10-10-10-10-1.
  private static func deepNetwork(isNormalized: Bool, using random: inout RandomNumbers) -> Sequential {
    var layers: [any Layer] = [], inputs = 2
    for _ in 0..<5 {
      layers.append(Linear(inputs, 10, initializer: .lecunNormal, using: &random))
      if isNormalized { layers.append(BatchNorm(10)) }
      layers.append(Function { relu($0) })
      inputs = 10
    }
    layers.append(Linear(inputs, 1, initializer: .lecunNormal, using: &random))
    return Sequential(layers)
  }
}
