import Learning
import Media
import Tensors

extension Experiment {
  /// The same network and mini-batches with six optimisers.
  static let optimizers = Experiment(name: "optimizers", summary: "gradient descent, momentum, RMSprop, Adam and others on the same mini-batches") { bench in
    let moons = try bench.examples("planar/moons.csv") { .moons(300, using: &$0) }
    var report = LabReport(data: moons.source, columns: ["optimiser", "learning rate", "cost", "accuracy"])
    var runs: [(String, [(iteration: Int, cost: Float)])] = []
    func run<Method: Optimizer>(_ name: String, _ optimizer: Method) throws {
      let (network, costs) = train(optimizer, on: moons, what: name, bench)
      report.add(
        .text(name), .number(Double(optimizer.learningRate), digits: 4), .number(Double(costs.last?.cost ?? .nan), digits: 4),
        .part(network.accuracy(on: moons, bench.processor)))
      runs.append((name, costs))
      if name == "Adam" { try report.add("boundary-adam", .boundary("Adam", of: network, moons, bench.processor)) }
    }
    let rate: Float = 0.0007
    try run("gradient descent", GradientDescent(learningRate: rate))
    try run("momentum", Momentum.averaging(learningRate: rate, momentum: 0.9))
    try run("Nesterov", Nesterov(learningRate: rate, momentum: 0.9))
    try run("AdaGrad", AdaGrad(learningRate: rate))
    try run("RMSprop", RMSprop(learningRate: rate))
    try run("Adam", Adam(learningRate: rate))
    try report.add("costs", .costs("Optimisers", runs))
    report.conclusion = "Most accurate after as many epochs with the same rate: \(report.best("accuracy")); the costs show who was there first."
    return report
  }

  private static func train<Method: Optimizer>(
    _ optimizer: Method, on examples: Examples, what: String, _ bench: LabBench
  ) -> (MultilayerPerceptron, [(iteration: Int, cost: Float)]) {
    var random = RandomNumbers(seed: bench.seed)
    let start = MultilayerPerceptron([2, 5, 2, 1], using: &random), epochs = bench.iterations(5000), every = max(1, epochs / 100)
    var trainer = Trainer(
      start, optimizer: optimizer, batches: MiniBatches(count: examples.count, size: 64, seed: bench.seed), processor: bench.processor,
      inputs: { [("x", [$0, 2]), ("y", [$0, 1])] }
    ) { logisticCrossEntropy($0($1[0], phase: .training), $1[1]) }
    // A rate as small as these does not diverge; if one did, the costs so far tell.
    _ = try? trainer.run(epochs: epochs, examples: { [examples.x.items($0), examples.y.items($0)] }, progress: { place in
      if place.batch == 0, place.epoch % every == 0 { bench.progress(what, Double(place.epoch) / Double(epochs)) }
      return true
    })
    let costs = trainer.history.epochs.enumerated().filter { $0.offset % every == 0 }.map { (iteration: $0.offset, cost: $0.element.loss) }
    return (trainer.model, costs)
  }
}
