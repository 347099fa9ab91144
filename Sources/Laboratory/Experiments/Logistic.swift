import Learning
import Media
import Tensors

extension Experiment {
  /// Logistic regression on pictures: what a single neuron can do, and how the learning rate matters.
  static let logistic = Experiment(name: "logistic", summary: "logistic regression on pictures, with three learning rates") { bench in
    let (train, test) = try pictures(on: bench)
    var report = LabReport(data: train.source, columns: ["learning rate", "cost", "train", "test"]), runs: [(String, [(iteration: Int, cost: Float)])] = []
    for rate: Float in [0.005, 0.001, 0.0001] {
      var random = RandomNumbers(seed: bench.seed)
      let start = MultilayerPerceptron([train.x.shape[1], 1], initializer: .zeros, using: &random)
      let run = Descent(start, on: train, rate: rate, iterations: bench.iterations(2000), what: "rate \(rate)", bench: bench)
      report.add(
        .number(Double(rate), digits: 4), .number(Double(run.costs.last!.cost), digits: 4), .part(run.network.accuracy(on: train, bench.processor)),
        .part(run.network.accuracy(on: test, bench.processor)))
      runs.append(("α = \(rate)", run.costs))
      if rate == 0.005 { report.add("weights", weights(of: run.network)) }
    }
    try report.add("costs", .costs("Logistic regression", runs))
    report.conclusion = "Best on pictures it has seen: rate \(report.best("train")); on others: rate \(report.best("test"))."
    return report
  }

  /// Pictures to learn from, and others.
  static func pictures(on bench: LabBench) throws(ExamplesError) -> (train: Examples, test: Examples) {
    if let folder = bench.folder {
      return (
        try Examples(pictures: "\(folder)/cats/train_catvnoncat.h5", set: "train"), try Examples(pictures: "\(folder)/cats/test_catvnoncat.h5", set: "test")
      )
    }
    var random = RandomNumbers(seed: bench.seed &+ 100)
    return (.pictures(200, using: &random), .pictures(100, using: &random))
  }

  /// The weights of the one neuron as a picture: light where a light pixel speaks for the class.
  private static func weights(of network: MultilayerPerceptron) -> Image {
    let weights = network.layers[0].weight.value.elements, isColor = weights.count % 3 == 0, channels = isColor ? 3 : 1
    let side = Int(Double(weights.count / channels).squareRoot()), largest = max(weights.map(abs).max() ?? 0, .leastNonzeroMagnitude), scale = 6
    var pixels: [UInt8] = []
    for row in 0..<side * scale {
      for column in 0..<side * scale {
        for channel in 0..<3 {
          let weight = weights[(row / scale * side + column / scale) * channels + (isColor ? channel : 0)]
          pixels.append(UInt8(127.5 + 127 * weight / largest))
        }
      }
    }
    return Image(width: side * scale, height: side * scale, pixels: pixels)
  }
}
