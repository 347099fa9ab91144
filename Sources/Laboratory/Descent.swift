import Graphs
import Kernels
import Learning
import Tensors

/// Gradient descent of a network with one logit on all examples at once, as the course does it.
struct Descent<Network: Layer> {
  var network: Network
  /// The cost every so many iterations: without a penalty on the weights.
  private(set) var costs: [(iteration: Int, cost: Float)] = []

  /// - Parameters:
  ///   - l2: λ of the penalty λ / 2m · Σ w².
  ///   - points: how often the cost is noted.
  init(
    _ network: Network, on examples: Examples, rate: Float, iterations: Int, l2: Float = 0, points: Int = 100, what: String, bench: LabBench
  ) {
    self.network = network
    var optimizer = GradientDescent(learningRate: rate)
    optimizer.weightDecay = .l2(l2 / Float(examples.count), sparingVectors: true)
    var step = TrainingStep(network, inputs: [("x", examples.x.shape), ("y", examples.y.shape)], processor: bench.processor) {
      logisticCrossEntropy($0($1[0], phase: .training), $1[1])
    }
    let every = max(1, iterations / points)
    for iteration in 0..<iterations {
      let cost = step.run([examples.x, examples.y], seed: iteration & 0xff_ffff)
      if iteration % every == 0 {
        costs.append((iteration, cost))
        bench.progress(what, Double(iteration) / Double(iterations))
      }
      step.update(with: &optimizer)
    }
    self.network = step.model
  }
}

extension Layer {
  /// The first logit of each row of x.
  func logits(of x: Tensor, on processor: Processor) -> [Float] {
    let recorder = Recorder()
    return recorder.graph(returning: [self(recorder.constant(x), phase: .inference)]).compiled(for: processor, preparation: .quick).run([])[0].elements
  }

  /// Which part of the examples is on the right side of 0.
  func accuracy(on examples: Examples, _ processor: Processor) -> Double {
    let right = zip(logits(of: examples.x, on: processor), examples.y.elements).count { ($0 > 0) == ($1 == 1) }
    return Double(right) / Double(examples.count)
  }
}
