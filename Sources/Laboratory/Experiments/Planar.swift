import Learning
import Media
import Tensors

extension Experiment {
  /// One hidden layer of more and more units on points that no line divides.
  static let planar = Experiment(name: "planar", summary: "one hidden layer of 0 to 50 units on a flower of two classes") { bench in
    let flower = try bench.examples("planar/planar_flower.csv") { .flower(400, using: &$0) }
    var report = LabReport(data: flower.source, columns: ["hidden units", "cost", "accuracy"]), runs: [(String, [(iteration: Int, cost: Float)])] = []
    for units in [0, 1, 2, 3, 4, 5, 20, 50] {
      var random = RandomNumbers(seed: bench.seed)
      let start = MultilayerPerceptron(units == 0 ? [2, 1] : [2, units, 1], activation: .tanh, initializer: .normal(deviation: 0.01), using: &random)
      let run = Descent(start, on: flower, rate: 1.2, iterations: bench.iterations(units == 4 ? 10_000 : 5000), what: "\(units) units", bench: bench)
      report.add(
        .number(Double(units), digits: 0), .number(Double(run.costs.last!.cost), digits: 4), .part(run.network.accuracy(on: flower, bench.processor)))
      runs.append(("\(units) units", run.costs))
      if [0, 4, 50].contains(units) {
        try report.add("boundary-\(units)", .boundary(units == 0 ? "Logistic regression" : "\(units) hidden units", of: run.network, flower, bench.processor))
      }
    }
    try report.add("costs", .costs("One hidden layer", runs))
    report.conclusion = "A line, 0 units, cannot divide the flower. Best: \(report.best("accuracy")) with so many units; on the same points, so that more units may only have learned noise."
    return report
  }
}
