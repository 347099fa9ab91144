public import Kernels
public import Learning
import Tensors

/// A recipe for a classifier of pictures, and its run.
///
/// ```swift
/// var training = PictureTraining(.transfer)
/// training.epochs = 40
/// let result = try training.run(train: pictures, dev: others, backbone: EfficientNetLite0.published(in: ModelStore()))
/// ```
/// ``AdamW`` with a rate that rises over the first twentieth of the steps and falls to nothing along a cosine. The same pictures, recipe and seed give the same
/// classifier, bit for bit, whether the run was interrupted or not.
public struct PictureTraining: Sendable {
  public let kind: PictureNetwork.Kind
  /// Of the pictures that the network sees.
  public var side: Int
  public var epochs, batchSize: Int
  public var learningRate, weightDecay: Float
  /// After how many epochs without a better score it ends; nil for never.
  public var patience: Int?
  /// How pictures are changed at random; networks without convolutions learn them as they are, since to them a moved picture is another one.
  public var augmentations: [any Augmentation]
  public var mixup: Mixup?
  public var seed: UInt64 = 1

  /// The usual recipe of a network.
  public init(_ kind: PictureNetwork.Kind) {
    self.kind = kind
    side = kind.side
    augmentations = [.logistic, .perceptron].contains(kind) ? [] : [RandomFlip(), RandomCrop(), RandomRotation(degrees: 10), ColorShift()]
    (epochs, batchSize, learningRate, weightDecay) =
      switch kind {
      case .logistic: (200, 64, 0.0001, 0.01)
      case .perceptron: (200, 64, 0.0005, 0.01)
      case .cnn: (100, 32, 0.003, 0.01)
      case .resnet18: (60, 32, 0.001, 0.05)
      case .transfer: (100, 32, 0.003, 0.01)
      case .finetune: (30, 16, 0.0005, 0.02)
      }
  }

  /// What the run follows from, as a text: see ``CheckpointFile``.
  private func description(_ train: PictureSet, _ dev: PictureSet?) -> String {
    let changes = augmentations.map { "\($0)" } + (mixup.map { ["\($0)"] } ?? [])
    return "\(kind.rawValue) of \(side)×\(side), \(epochs) epochs in batches of \(batchSize), rate \(learningRate), decay \(weightDecay), "
      + "patience \(patience.map { "\($0)" } ?? "without end"), seed \(seed), \(train.count) pictures of \(train.source) (\(train.fingerprint)), "
      + "\(dev.map { "\($0.count) of \($0.source) (\($0.fingerprint))" } ?? "none") to choose by, changes: \(changes.joined(separator: " "))"
  }

  /// Trains a network and calibrates its probabilities.
  ///
  /// - Parameters:
  ///   - dev: pictures that the best epoch is chosen by; nil for the last epoch.
  ///   - backbone: what `transfer` and `finetune` begin with.
  ///   - checkpoint: a file that the state is kept in, at the end of an epoch if a while has passed, and when `progress` ends the run; nil for none.
  ///   - resumes: begins with that state.
  ///   - progress: told of each step; false ends the run.
  /// - Throws: ``PictureTrainingError``.
  public func run(
    train: PictureSet, dev: PictureSet? = nil, backbone: EfficientNetLite0? = nil, checkpoint: String? = nil, resumes: Bool = false,
    processor: Processor = .default, progress: (PictureTrainingProgress) -> Bool = { _ in true }
  ) throws(PictureTrainingError) -> PictureTrainingResult {
    precondition(kind.isPretrained == (backbone != nil), "\(kind) \(kind.isPretrained ? "needs a" : "takes no") backbone")
    let classes = train.classes
    guard train.count >= 2, Set(train.labels).count == classes.count else {
      throw .fewPictures(source: train.source, count: train.count, classes: Set(train.labels).count, expected: classes.count)
    }
    let fit = PictureFit(
      recipe: self, labels: train.labels, devLabels: dev?.labels ?? [], classes: classes.count,
      file: checkpoint.map { CheckpointFile($0, of: description(train, dev)) }, resumes: resumes, processor: processor)
    let train = train.squared(side: side), dev = dev?.squared(side: side)
    let run = try kind == .transfer
      ? head(of: backbone!, fit, train, dev, progress) : whole(of: backbone, fit, train, dev, progress)
    var classifier = PictureClassifier(network: run.best, side: side, classes: classes)
    if let dev { classifier.calibrate(on: PicturePredictor(classifier, processor: processor).logits(of: dev), labels: dev.labels) }
    return PictureTrainingResult(classifier: classifier, history: run.history, isComplete: run.isComplete)
  }

  /// Trains all of a network on pictures, which are changed at random while a step is computed.
  private func whole(
    of backbone: EfficientNetLite0?, _ fit: PictureFit, _ train: PictureSet, _ dev: PictureSet?, _ progress: (PictureTrainingProgress) -> Bool
  ) throws(PictureTrainingError) -> PictureFit.Run<PictureNetwork> {
    var random = RandomNumbers(seed: seed)
    let network = PictureNetwork(kind, side: side, classes: train.classes.count, backbone: backbone, using: &random)
    let augmentations = augmentations, seed = seed, side = side
    return try fit.run(
      network, itemShape: [3, side, side],
      load: { batch in train.inputs(batch.indices).augmented(by: augmentations, seed: seed, batch) },
      devLogits: { network in
        let classifier = PictureClassifier(network: network, side: side, classes: train.classes)
        return PicturePredictor(classifier, processor: fit.processor).logits(of: dev!)
      }, progress: progress)
  }

  /// Trains a new last layer on what the rest, which stays as it is, makes of the pictures: that is computed once, of a few changed copies of each.
  private func head(
    of backbone: EfficientNetLite0, _ fit: PictureFit, _ train: PictureSet, _ dev: PictureSet?, _ progress: (PictureTrainingProgress) -> Bool
  ) throws(PictureTrainingError) -> PictureFit.Run<PictureNetwork> {
    let frozen = FrozenFeatures(of: backbone, processor: fit.processor), variants = augmentations.isEmpty ? 1 : Self.variants, seed = seed
    var seen: [Tensor] = []
    for variant in 0..<variants {
      let changes = variant == 0 ? [] : augmentations
      guard let features = frozen.features(of: train, changedBy: changes, seed: seed, variant: variant, { done in
        progress(.features(done: variant * train.count + done, of: variants * train.count))
      }) else { throw .interrupted }
      seen.append(features)
    }
    let held = dev.flatMap { frozen.features(of: $0) { _ in true } }, features = seen
    var random = RandomNumbers(seed: seed)
    var network = PictureNetwork(kind, side: side, classes: train.classes.count, backbone: backbone, using: &random)
    let start = FeatureHead(outputs: PictureNetwork.logits(ofClasses: train.classes.count))
    let run = try fit.run(
      start, itemShape: [FrozenFeatures.count],
      load: { batch in
        // Another copy of each picture in each epoch.
        let places = batch.indices.map { (variant: ($0 + batch.epoch) % variants, index: $0) }
        return Tensor([places.count, FrozenFeatures.count], places.flatMap { features[$0.variant].items([$0.index]).elements })
      },
      devLogits: { head in head.logits(of: held!, on: fit.processor) }, progress: progress)
    network.setHead(run.best.fc)
    return PictureFit.Run(best: network, history: run.history, isComplete: run.isComplete)
  }

  /// How many copies of a picture a last layer learns from: the picture itself, and changed ones.
  private static let variants = 8
}

/// Where a run is.
public enum PictureTrainingProgress: Sendable {
  /// The published network looks at the pictures, before its last layer is learned.
  case features(done: Int, of: Int)
  /// - Parameter scores: of the epochs so far, as ``PictureTrainingResult`` tells them.
  case step(TrainingProgress, history: TrainingHistory)
}

/// What a run gave.
public struct PictureTrainingResult: Sendable {
  /// Of the best epoch.
  public let classifier: PictureClassifier
  /// The scores are the mean probability that pictures not trained on get for what they are.
  public let history: TrainingHistory
  /// False if `progress` ended the run: the checkpoint, if one was asked for, goes on from there.
  public let isComplete: Bool
}

/// Why a classifier could not be trained.
public enum PictureTrainingError: Error, CustomStringConvertible {
  case fewPictures(source: String, count: Int, classes: Int, expected: Int)
  case training(TrainingError)
  case checkpoint(CheckpointError)
  /// Before there was anything to keep.
  case interrupted

  public var description: String {
    switch self {
    case .fewPictures(let source, let count, let classes, let expected):
      "\(source): found \(count) pictures of \(classes) classes to learn from, expected two at least and all \(expected) classes; add pictures, or hold fewer back"
    case .training(let error): error.description
    case .checkpoint(let error): error.description
    case .interrupted: "interrupted before training began; nothing was written"
    }
  }
}
