import Graphs
public import Kernels
public import Learning
import Tensors

/// A recipe for a network that hears a phrase, and its run.
///
/// ``AdamW`` with a rate that rises and falls once (``OneCycle``), cross-entropy of each step, voices of other vocal tracts (Jaitly and Hinton 2013), and bands and moments
/// hidden at random (Park et al. 2019). The same
/// examples, recipe and seed give the same network, bit for bit.
public struct TriggerTraining: Sendable {
  public var kind = TriggerNetwork.Kind.causal
  public var epochs = 14
  public var batchSize = 32
  public var learningRate: Float = 0.004
  public var weightDecay: Float = 0.01
  public var seed: UInt64 = 1

  public init() {}

  /// A network that has learned nothing: what ``TriggerExamples`` are made for.
  public var network: TriggerNetwork {
    var random = RandomNumbers(seed: seed)
    return TriggerNetwork(kind, using: &random)
  }

  /// Where a run ended.
  public struct Result: Sendable {
    /// Of the best epoch.
    public let network: TriggerNetwork
    /// The scores are mean recalls at 1, 4, 16 and 64 false accepts an hour, of the other examples.
    public let history: TrainingHistory
    /// False if `progress` ended it.
    public let isComplete: Bool
  }

  /// - Parameters:
  ///   - start: a network to go on from; nil for a new one.
  ///   - train, dev: examples to learn from, and to choose the best epoch by.
  ///   - progress: told of each step; false ends the run.
  /// - Throws: ``TrainingError`` when it diverges.
  public func run(
    from start: TriggerNetwork? = nil, train: TriggerExamples, dev: TriggerExamples, processor: Processor = .default,
    progress: (TrainingProgress, TrainingHistory) -> Bool = { _, _ in true }
  ) throws(TrainingError) -> Result {
    let batches = MiniBatches(count: train.count, size: min(batchSize, train.count), dropsLast: true, seed: seed)
    let width = train.frontEnd.width, frames = train.frames, steps = train.steps, lead = train.lead
    var trainer = Trainer(
      start ?? network, optimizer: AdamW(learningRate: learningRate, weightDecay: .decoupled(weightDecay, sparingVectors: true)),
      schedule: OneCycle(peak: learningRate, steps: max(1, epochs * batches.batchCount), risingShare: 0.1), batches: batches, processor: processor,
      inputs: { [("sound", [$0, width, frames]), ("answers", [$0, steps]), ("weights", [$0, steps])] }
    ) { network, inputs in
      let logits = network(inputs[0], phase: .training)
      let heard = lead == 0 ? logits : logits.slice(axis: 1, lead..<lead + steps)
      return logisticCrossEntropy(heard, inputs[1], weights: inputs[2])
    }
    trainer.largestNorm = 5
    let seed = seed
    var history = TrainingHistory()
    let scorer = ScoreAll(dev, processor: processor)
    var isComplete = true
    while trainer.history.epochs.count < epochs, isComplete {
      history = trainer.history
      try trainer.run(
        epochs: history.epochs.count + 1,
        loading: { batch in
          var random = RandomNumbers(seed: seed &+ UInt64(batch.epoch) &* 1_000_003 &+ UInt64(batch.number))
          var sound = train.inputs(batch.indices)
          if train.frontEnd == .mel { otherVoices(in: &sound, using: &random) }
          hideParts(of: &sound, using: &random)
          let targets = train.targets(batch.indices)
          return [sound, targets.answers, targets.weights]
        }, score: { scorer.peaks($0).meanRecall },
        progress: { place in
          isComplete = progress(TrainingProgress(place, epochs: epochs), history)
          return isComplete
        })
    }
    return Result(network: trainer.best, history: trainer.history, isComplete: isComplete)
  }
}

/// The scores that a network gives to examples.
struct ScoreAll {
  let examples: TriggerExamples
  let processor: Processor
  private static let batch = 16

  init(_ examples: TriggerExamples, processor: Processor) {
    self.examples = examples
    self.processor = processor
  }

  func peaks(_ network: TriggerNetwork) -> ScorePeaks {
    let scores = scores(network)
    return examples.peaks { scores[$0] }
  }

  func clipScores(_ network: TriggerNetwork) -> [ClipScores] {
    let scores = scores(network)
    return examples.clipScores { scores[$0] }
  }

  private func scores(_ network: TriggerNetwork) -> [[Float]] {
    let recorder = Recorder(), size = min(Self.batch, examples.count)
    let x = recorder.input("sound", [size, examples.frontEnd.width, examples.frames])
    let arena = Arena(for: recorder.graph(returning: [network(x, phase: .inference)]).compiled(for: processor, preparation: .quick))
    var scores: [[Float]] = []
    for first in stride(from: 0, to: examples.count, by: size) {
      let indices = Array(first..<min(first + size, examples.count))
      // The last batch is filled up: one program is enough.
      arena.setInput(0, to: examples.inputs(indices + [Int](repeating: indices[0], count: size - indices.count)))
      arena.run()
      let logits = arena.output(0).elements, each = examples.lead + examples.steps
      for row in indices.indices { scores.append(logits[row * each + examples.lead..<(row + 1) * each].map(logistic)) }
    }
    return scores
  }
}
