import Graphs
import Kernels
import Learning
import Tensors

/// Mini-batch descent of a network with ten logits by Adam, an epoch at a time.
struct DigitTraining<Network: Layer> {
  private var step: TrainingStep<Network>
  private var optimizer: Adam
  private let digits: Digits
  private let targets: Tensor
  private let batches: MiniBatches
  private var epoch = 0, iteration = 0
  /// The cost of each iteration, without a penalty on the weights.
  private(set) var costs: [Float] = []

  /// - Parameter l2: λ of the penalty ½ λ Σ w².
  init(_ network: Network, on digits: Digits, rate: Float = 0.001, l2: Float = 0, batch: Int = 64, seed: UInt64, processor: Processor) {
    let size = min(batch, digits.count)
    optimizer = Adam(learningRate: rate, weightDecay: .l2(l2, sparingVectors: true))
    step = TrainingStep(network, inputs: [("x", [size, 1, Digits.side, Digits.side]), ("y", [size, 10])], processor: processor) {
      softmaxCrossEntropy($0($1[0], phase: .training), $1[1])
    }
    self.digits = digits
    targets = digits.targets
    // Another few are left over in each epoch.
    batches = MiniBatches(count: digits.count, size: size, dropsLast: true, seed: seed)
  }

  var network: Network { step.model }

  /// Trains on every picture once, but for those that are left for less than a batch.
  mutating func runEpoch() {
    for indices in batches.epoch(epoch) {
      costs.append(step.run([digits.x.items(indices), targets.items(indices)], seed: iteration & 0xff_ffff))
      step.update(with: &optimizer)
      iteration += 1
    }
    epoch += 1
  }

  mutating func run(epochs: Int, progress: (Double) -> Void) {
    for epoch in 0..<epochs {
      progress(Double(epoch) / Double(epochs))
      runEpoch()
    }
  }

  /// The mean cost of so many iterations each: single batches are noisy.
  func meanCosts(points: Int = 100) -> [(iteration: Int, cost: Float)] {
    let every = max(1, costs.count / points)
    return stride(from: 0, to: costs.count, by: every).map { start in
      let part = costs[start..<min(start + every, costs.count)]
      return (start + part.count / 2, part.reduce(0, +) / Float(part.count))
    }
  }
}

/// What a network takes pictures for.
struct Reader {
  private let program: Program
  private static let batch = 250

  init(_ network: some Layer, on processor: Processor) {
    let recorder = Recorder(), x = recorder.input("x", [Self.batch, 1, Digits.side, Digits.side])
    program = recorder.graph(returning: [network(x, phase: .inference)]).compiled(for: processor)
  }

  /// The digit with the largest logit, picture by picture; the first of equal ones.
  func digits(in pictures: Digits) -> [Int] {
    let arena = Arena(for: program), size = Digits.side * Digits.side
    var said: [Int] = []
    for start in stride(from: 0, to: pictures.count, by: Self.batch) {
      let count = min(Self.batch, pictures.count - start)
      var x = Tensor([Self.batch, 1, Digits.side, Digits.side])
      let from = pictures.x.span
      x.withMutableSpan { span in for pixel in 0..<count * size { span[pixel] = from[start * size + pixel] } }
      arena.setInput(0, to: x)
      arena.run()
      let logits = arena.output(0).elements
      for row in 0..<count { said.append((0..<10).reduce(0) { logits[10 * row + $1] > logits[10 * row + $0] ? $1 : $0 }) }
    }
    return said
  }
}
