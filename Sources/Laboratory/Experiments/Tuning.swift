import Glibc
import Kernels
import Learning
import Media
import Tensors

extension Experiment {
  /// Three hyper-parameters of a small network, looked for on a grid, at random, and by successive halving, with as many iterations each.
  static let tuning = Experiment(
    name: "tuning", summary: "learning rate, units and λ: a grid, random trials, successive halving, as many iterations each"
  ) { bench in
    let sets = try tuningSets(on: bench)
    let space = try SearchSpace([
      ("learning rate", .logarithmic(1e-4...1)), ("hidden units", .integers(2...40)), ("λ", .logarithmic(1e-5...1)),
    ])
    // 27 trials of 27 m iterations take as many as four rounds of halving that begin with 243 trials of m: 243 · m + 81 · 2m + 27 · 6m + 9 · 18m.
    let shortest = bench.iterations(37), longest = 27 * shortest
    var report = LabReport(
      data: sets.train.source, columns: ["search", "trials", "iterations", "learning rate", "hidden units", "λ", "dev", "test"])
    var curves: [(String, [Point])] = [], done = 0.0
    for (number, (name, file)) in [("grid", "grid"), ("random", "random"), ("successive halving", "halving")].enumerated() {
      var runs: [Int: TuningRun] = [:], spent = 0, best = -Double.infinity, curve: [Point] = [], networks: [Int: MultilayerPerceptron] = [:]
      func score(_ trial: Trial, _ budget: Int) -> Double {
        var run = runs[trial.number] ?? TuningRun(trial, on: sets.train, seed: bench.seed, bench.processor)
        spent += budget - run.iterations
        run.train(to: budget, on: sets.train)
        // The last round needs no continuing.
        runs[trial.number] = budget < longest ? run : nil
        let network = run.network, accuracy = network.accuracy(on: sets.dev, bench.processor)
        networks[trial.number] = network
        best = max(best, accuracy)
        curve.append(Point(x: Double(spent), y: 100 * best))
        done = (Double(number) + min(1, Double(spent) / Double(27 * longest))) / 3
        bench.progress(name, done)
        return accuracy
      }
      let results: SearchResults
      switch file {
      case "grid": results = SearchResults(of: try space.grid(pointsEach: 3), .higherIsBetter) { score($0, longest) }
      case "random": results = SearchResults(of: space.random(27, seed: bench.seed), .higherIsBetter) { score($0, longest) }
      default:
        results = SuccessiveHalving(minimumBudget: shortest, maximumBudget: longest)
          .run(space.random(243, seed: bench.seed), .higherIsBetter, score)
      }
      guard let winner = results.best, let network = networks[winner.trial.number] else { continue }
      report.add(
        .text(name), .number(Double(results.rows.count), digits: 0), .number(Double(spent), digits: 0), value("learning rate", of: winner.trial),
        value("hidden units", of: winner.trial), value("λ", of: winner.trial), .part(winner.score),
        .part(network.accuracy(on: sets.test, bench.processor)))
      curves.append((name, curve))
      report.tables.append(tried(name, results))
      try report.add("tried-\(file)", tried("Tried: \(name)", results))
      try report.add("boundary-\(file)", .boundary("The best of \(name)", of: network, sets.train, bench.processor))
    }
    var plot = Plot(title: "Best accuracy on the dev set so far", xLabel: "iterations spent on all trials", yLabel: "accuracy, %")
    plot.series = curves.map { Plot.Series($0, points: $1) }
    try report.add("best-so-far", plot)
    let steps = [sets.dev, sets.test].map { "\((10_000 / Double($0.count)).rounded() / 100) %" }
    report.conclusion = "Best on the dev set: \(report.best("dev")); on the test set: \(report.best("test")). "
    report.conclusion += "One example is \(steps[0]) of the dev set and \(steps[1]) of the test set; a winner's accuracy on the dev set flatters it, since it was chosen by that."
    return report
  }

  private struct TuningSets {
    let train, dev, test: Examples
  }

  /// The flower, shared out: to learn from, to choose by, to judge by.
  private static func tuningSets(on bench: LabBench) throws(ExamplesError) -> TuningSets {
    let all = try bench.examples("planar/planar_flower.csv") { .flower(2640, using: &$0) }
    guard all.count >= 10 else {
      throw .shape(file: all.source, found: "\(all.count) examples", expected: "at least 10: some to learn from, to choose by and to judge by")
    }
    let order = shuffledIndices(all.count, seed: bench.seed), train = min(240, all.count * 3 / 5), dev = min(400, (all.count - train) / 2)
    func part(_ range: Range<Int>) -> Examples {
      Examples(x: all.x.items(Array(order[range])), y: all.y.items(Array(order[range])), source: all.source)
    }
    return TuningSets(train: part(0..<train), dev: part(train..<train + dev), test: part(train + dev..<all.count))
  }

  private static func value(_ name: String, of trial: Trial) -> LabReport.Value {
    let number = trial[name].number
    return .number(number, digits: number == number.rounded() ? 0 : max(0, 2 - Int(floor(log10(abs(number))))))
  }

  /// The ten best trials.
  private static func tried(_ name: String, _ results: SearchResults) -> LabReport.Table {
    let budgeted = results.rows.contains { $0.budget != nil }
    var table = LabReport.Table(
      "\(name): the best of \(results.rows.count)",
      columns: ["trial", "learning rate", "hidden units", "λ"] + (budgeted ? ["iterations"] : []) + ["dev"])
    for row in results.rows.prefix(10) {
      let trial: [LabReport.Value] = [.number(Double(row.trial.number + 1), digits: 0)] + row.trial.names.map { value($0, of: row.trial) }
      table.add(trial + (row.budget.map { [.number(Double($0), digits: 0)] } ?? []) + [.part(row.score)])
    }
    return table
  }

  /// Each trial's learning rate and number of units, in the colour of its accuracy.
  private static func tried(_ title: String, _ results: SearchResults) -> Plot {
    var plot = Plot(title: title, xLabel: "log₁₀ of the learning rate", yLabel: "hidden units")
    // Room for the legend at the right.
    plot.xRange = -4.15...1.9
    plot.yRange = 0...42
    plot.width = 1050
    // Blue for the worst, red for the best, which are drawn last, above the others.
    let bands: [(distance: Double, color: Color)] = [
      (0.25, Color(red: 0.27, green: 0.16, blue: 0.5)), (0.15, Color(red: 0.2, green: 0.36, blue: 0.6)),
      (0.08, Color(red: 0.13, green: 0.56, blue: 0.55)), (0.04, Color(red: 0.3, green: 0.73, blue: 0.4)),
      (0.02, Color(red: 0.96, green: 0.7, blue: 0.1)), (0, Color(red: 0.85, green: 0.25, blue: 0.1)),
    ]
    let best = results.rows.map(\.score).max() ?? 0
    for (index, band) in bands.enumerated() {
      let limit = index == 0 ? .infinity : bands[index - 1].distance
      let points = results.rows.filter { best - $0.score >= band.distance && best - $0.score < limit }
      let isBest = index == bands.count - 1, end = percent(best - (isBest ? limit : band.distance))
      let name = isBest ? "above \(end)" : index == 0 ? "\(end) and less" : "to \(end)"
      plot.series.append(
        Plot.Series(
          "\(name) (\(points.count))", points: points.map { Point(x: log10($0.trial["learning rate"].number), y: $0.trial["hidden units"].number) },
          style: .scatter, color: band.color))
    }
    return plot
  }
}

/// A trial under way: Adam on all examples at once.
private struct TuningRun {
  private var step: TrainingStep<MultilayerPerceptron>
  private var optimizer: Adam
  private(set) var iterations = 0

  init(_ trial: Trial, on train: Examples, seed: UInt64, _ processor: Processor) {
    var random = RandomNumbers(seed: seed)
    let network = MultilayerPerceptron([2, Int(trial["hidden units"].number), 1], using: &random)
    optimizer = Adam(learningRate: Float(trial["learning rate"].number), weightDecay: .l2(Float(trial["λ"].number), sparingVectors: true))
    step = TrainingStep(network, inputs: [("x", train.x.shape), ("y", train.y.shape)], processor: processor) {
      logisticCrossEntropy($0($1[0], phase: .training), $1[1])
    }
  }

  var network: MultilayerPerceptron { step.model }

  mutating func train(to iteration: Int, on train: Examples) {
    while iterations < iteration {
      _ = step.run([train.x, train.y])
      step.update(with: &optimizer)
      iterations += 1
    }
  }
}
