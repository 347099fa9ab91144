public import Kernels
public import Tensors

/// Trains a network in epochs of mini-batches: shuffled by a seed, with a schedule, clipping, early stopping, and a snapshot of the best.
///
/// ```swift
/// var trainer = Trainer(
///   network, optimizer: Adam(), batches: MiniBatches(count: 209, size: 32, seed: 1), inputs: { [("x", [$0, 3, 64, 64]), ("y", [$0, 1])] }
/// ) { logisticCrossEntropy($0($1[0], phase: .training), $1[1]) }
/// let history = try trainer.run(epochs: 20, examples: { [pictures.items($0), labels.items($0)] }, score: { accuracy(of: $0) })
/// let network = trainer.best
/// ```
/// The same seeds give the same bits, and so does a run that was stopped and resumed: see ``checkpoint``.
public struct Trainer<Model: Module, Method: Optimizer> {
  public var optimizer: Method
  /// The learning rate of each step, counted from 0; nil to leave the optimiser's.
  public var schedule: (any Schedule)?
  /// The largest norm that all gradients may have together; nil for any.
  public var largestNorm: Float?
  /// After how many epochs without a better score training ends; nil for never.
  public var patience: Int?
  public let batches: MiniBatches
  /// What has happened so far.
  public internal(set) var history = TrainingHistory()

  private let inputs: (Int) -> [(name: String, shape: Shape)]
  private let loss: (Model, [Node]) -> Node
  private let processor: Processor
  private let original: Model
  /// A step for each size of a batch; they hand what they have learned on to each other.
  private var steps: [Int: TrainingStep<Model>] = [:]
  private var current: Int
  private var bestModel: Model?

  /// - Parameters:
  ///   - inputs: the names and shapes of what `loss` is given, for batches of a size.
  ///   - loss: a single number, the mean over the batch.
  public init(
    _ model: Model, optimizer: Method, schedule: (any Schedule)? = nil, batches: MiniBatches, processor: Processor = .default,
    inputs: @escaping (Int) -> [(name: String, shape: Shape)], loss: @escaping (Model, [Node]) -> Node
  ) {
    precondition(batches.batchCount > 0, "there are no batches: \(batches.count) examples, \(batches.size) in each")
    original = model
    self.optimizer = optimizer
    self.schedule = schedule
    self.batches = batches
    self.processor = processor
    self.inputs = inputs
    self.loss = loss
    current = min(batches.size, batches.count)
    steps[current] = TrainingStep(model, inputs: inputs(current), processor: processor, loss: loss)
  }

  /// The model as it is now.
  public var model: Model {
    get { steps[current]!.model }
    set { steps[current]!.model = newValue }
  }

  /// The model with the best score so far; as it is now, if there was no score.
  public var best: Model { bestModel ?? model }

  /// Trains until `epochs` epochs have been done in all, or the score no longer grows.
  ///
  /// - Parameters:
  ///   - examples: the inputs of the examples with these numbers, made while nothing is computed: for what is at hand.
  ///   - score: how good a model is, such as its accuracy on other examples; higher is better, nil to keep no best.
  ///   - progress: told after each step; false ends training, as when the user wants to stop. What the epoch has done so far is undone, so that a checkpoint
  ///     resumes to the same bits.
  /// - Throws: ``TrainingError`` when the loss or a gradient is no finite number; the model is then as after the epoch before.
  @discardableResult
  public mutating func run(
    epochs: Int, examples: ([Int]) -> [Tensor], score: ((Model) -> Double)? = nil, progress: (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> TrainingHistory {
    try train(epochs: epochs, inputs: { batch, _ in examples(batch.indices) }, score: score, progress: progress)
  }

  /// The same, with batches that another thread loads while a step is computed: for pictures that are read, resized or changed at random.
  ///
  /// - Parameter load: the inputs of a batch, which follow from the batch alone. It must not run programs of this trainer's processor.
  @discardableResult
  public mutating func run(
    epochs: Int, loading load: @escaping @Sendable (Batch) -> [Tensor], score: ((Model) -> Double)? = nil,
    progress: (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> TrainingHistory {
    var upcoming: Background<[Tensor]>?
    return try train(
      epochs: epochs,
      inputs: { batch, following in
        let inputs = upcoming?.value ?? load(batch)
        upcoming = following().map { batch in Background { load(batch) } }
        return inputs
      }, score: score, progress: progress)
  }

  /// Whether more epochs would change nothing: the score has not grown for as long as ``patience`` allows.
  public var hasLostPatience: Bool {
    guard let patience, let best = history.bestEpoch else { return false }
    return history.epochs.count - 1 - best >= patience
  }

  private mutating func train(
    epochs: Int, inputs: (_ batch: Batch, _ following: () -> Batch?) -> [Tensor], score: ((Model) -> Double)?, progress: (TrainingProgress) -> Bool
  ) throws(TrainingError) -> TrainingHistory {
    while history.epochs.count < epochs, !hasLostPatience {
      let epoch = history.epochs.count, before = model, remembered = optimizer, order = batches.epoch(epoch)
      var total = 0.0, count = 0
      for (number, batch) in order.enumerated() {
        use(size: batch.count)
        let step = epoch * batches.batchCount + number
        if let schedule { optimizer.learningRate = schedule.rate(at: step) }
        let batches = batches
        func following() -> Batch? {
          if number + 1 < order.count { return Batch(epoch: epoch, number: number + 1, indices: order[number + 1]) }
          return epoch + 1 < epochs ? Batch(epoch: epoch + 1, number: 0, indices: batches.epoch(epoch + 1)[0]) : nil
        }
        let loss = steps[current]!.run(inputs(Batch(epoch: epoch, number: number, indices: batch), following), seed: step & 0xff_ffff)
        guard loss.isFinite, let norm = finiteNorm() else {
          let parameter = steps[current]!.firstParameterThatIsNotFinite, rate = optimizer.learningRate
          model = before
          optimizer = remembered
          throw TrainingError.diverged(step: step, epoch: epoch, loss: loss, parameter: parameter, learningRate: rate)
        }
        if let largestNorm, norm > Double(largestNorm) { clipGradients(to: largestNorm) }
        steps[current]!.update(with: &optimizer)
        total += Double(loss) * Double(batch.count)
        count += batch.count
        let report = TrainingProgress(epoch: epoch, epochs: epochs, batch: number, batches: order.count, loss: loss, meanLoss: Float(total / Double(count)))
        guard progress(report) else {
          model = before
          optimizer = remembered
          return history
        }
      }
      let value = score?(model)
      history.epochs.append(TrainingHistory.Epoch(loss: Float(total / Double(count)), score: value))
      if let value, history.bestEpoch == nil || value > history.epochs[history.bestEpoch!].score! {
        history.bestEpoch = epoch
        bestModel = model
      }
    }
    return history
  }

  /// The shapes of what is learned, in the order in which the optimiser sees it.
  var learnedShapes: [Shape] { steps[current]!.parameters.map(\.shape) }

  mutating func takeUp(_ model: Model, best: Model?, history: TrainingHistory, optimizer: Method) {
    self.model = model
    bestModel = best
    self.history = history
    self.optimizer = optimizer
  }

  /// Lets the step for batches of a size go on from where the last one ended.
  private mutating func use(size: Int) {
    guard size != current else { return }
    var step = steps[size] ?? TrainingStep(original, inputs: inputs(size), processor: processor, loss: loss)
    step.takeOver(from: steps[current]!)
    steps[size] = step
    current = size
  }

  private mutating func clipGradients(to limit: Float) {
    let processor = processor
    steps[current]!.withGradients { clip(&$0, toGlobalNorm: limit, on: processor) }
  }

  /// The norm of all gradients; nil if one is no finite number.
  private func finiteNorm() -> Double? {
    let norm = steps[current]!.gradientNorm
    return norm.isFinite ? norm : nil
  }
}

/// The examples of one step.
public struct Batch: Hashable, Sendable {
  /// The epoch, and which of its batches this is: both counted from 0.
  public let epoch, number: Int
  public let indices: [Int]

  public init(epoch: Int, number: Int, indices: [Int]) {
    self.epoch = epoch
    self.number = number
    self.indices = indices
  }
}

/// Where a run of training is.
public struct TrainingProgress: Sendable {
  /// Counted from 0, and how many there are to be.
  public let epoch, epochs, batch, batches: Int
  /// Of this batch, and the mean of the epoch so far.
  public let loss, meanLoss: Float

  init(epoch: Int, epochs: Int, batch: Int, batches: Int, loss: Float, meanLoss: Float) {
    self.epoch = epoch
    self.epochs = epochs
    self.batch = batch
    self.batches = batches
    self.loss = loss
    self.meanLoss = meanLoss
  }

  /// The same place of a run of more epochs, for those who train them one by one.
  public init(_ place: TrainingProgress, epochs: Int) {
    self.init(epoch: place.epoch, epochs: epochs, batch: place.batch, batches: place.batches, loss: place.loss, meanLoss: place.meanLoss)
  }
}

/// What the epochs of a run of training were like.
public struct TrainingHistory: Sendable, Equatable {
  public struct Epoch: Sendable, Equatable {
    /// The mean over all examples, each before the step that learned from it.
    public var loss: Float
    public var score: Double?

    public init(loss: Float, score: Double?) {
      self.loss = loss
      self.score = score
    }
  }
  public var epochs: [Epoch]
  /// The first one with the best score.
  public var bestEpoch: Int?

  public init(epochs: [Epoch] = [], bestEpoch: Int? = nil) {
    self.epochs = epochs
    self.bestEpoch = bestEpoch
  }
}

/// Why training stopped.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// - Parameter parameter: the first whose gradient is no finite number, in the order of the network; nil if all are and only the loss is not.
  case diverged(step: Int, epoch: Int, loss: Float, parameter: String?, learningRate: Float)

  public var description: String {
    switch self {
    case .diverged(let step, let epoch, let loss, let parameter, let learningRate):
      "training diverged in step \(step), epoch \(epoch): the loss is \(loss)"
        + (parameter.map { ", and the gradient of \($0) is not finite" } ?? "")
        + "; try a smaller learning rate than \(learningRate), such as \(learningRate / 10), or clip gradients to a norm of 1; inputs should be about 1 in size"
    }
  }
}
