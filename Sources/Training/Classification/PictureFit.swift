import Glibc
import Kernels
import Learning
import Tensors

/// The epochs of a ``PictureTraining``, for any network with logits: the loss, the trainer, the score, and the checkpoint.
struct PictureFit {
  let recipe: PictureTraining
  let labels, devLabels: [Int]
  let classes: Int
  let file: CheckpointFile?
  let resumes: Bool
  let processor: Processor

  struct Run<Model> {
    let best: Model
    let history: TrainingHistory
    let isComplete: Bool
  }

  /// How long training goes on before its state is written again, in seconds.
  private static let pause = 20.0

  /// - Parameters:
  ///   - itemShape: of one example of what the network takes.
  ///   - load: the examples of a batch, on another thread.
  ///   - devLogits: what a network says of the pictures that the best epoch is chosen by.
  func run<Model: Layer>(
    _ model: Model, itemShape: [Int], load: @escaping @Sendable (Batch) -> Tensor, devLogits: @escaping (Model) -> Tensor,
    progress: (PictureTrainingProgress) -> Bool
  ) throws(PictureTrainingError) -> Run<Model> {
    let outputs = PictureNetwork.logits(ofClasses: classes), size = min(recipe.batchSize, labels.count)
    // A batch of few examples has poor statistics: what is left over is left out, other examples in each epoch.
    let batches = MiniBatches(count: labels.count, size: size, dropsLast: true, seed: recipe.seed)
    let steps = recipe.epochs * batches.batchCount, warmUp = max(1, steps / 20)
    var trainer = Trainer(
      model, optimizer: AdamW(learningRate: recipe.learningRate, weightDecay: .decoupled(recipe.weightDecay, sparingVectors: true)),
      schedule: WarmUp(steps: warmUp, then: CosineDecay(initial: recipe.learningRate, steps: max(1, steps - warmUp))), batches: batches,
      processor: processor, inputs: { [("x", Shape([$0] + itemShape)), ("y", [$0, outputs])] }
    ) { network, inputs in
      let logits = network(inputs[0], phase: .training)
      return outputs == 1 ? logisticCrossEntropy(logits, inputs[1]) : softmaxCrossEntropy(logits, inputs[1])
    }
    trainer.patience = recipe.patience
    if resumes, let file {
      do throws(CheckpointError) { try file.restore(&trainer) } catch { throw .checkpoint(error) }
    }
    let targets = targets, mixup = recipe.mixup, seed = recipe.seed
    let loadBoth: @Sendable (Batch) -> [Tensor] = { batch in
      let x = load(batch), y = targets.items(batch.indices)
      guard let mixup else { return [x, y] }
      let both = mixup.mixed(x, y, seed: seed, batch)
      return [both.x, both.y]
    }
    var isComplete = true, saved = now()
    while trainer.history.epochs.count < recipe.epochs, !trainer.hasLostPatience, isComplete {
      let history = trainer.history
      do throws(TrainingError) {
        try trainer.run(
          epochs: history.epochs.count + 1, loading: loadBoth,
          score: devLabels.isEmpty ? nil : { model in score(devLogits(model)) },
          progress: { place in
            isComplete = progress(.step(TrainingProgress(place, epochs: recipe.epochs), history: history))
            return isComplete
          })
      } catch { throw .training(error) }
      if let file, !isComplete || now() - saved > Self.pause {
        do throws(CheckpointError) { try file.save(trainer) } catch { throw .checkpoint(error) }
        saved = now()
      }
    }
    return Run(best: trainer.best, history: trainer.history, isComplete: isComplete)
  }

  /// [examples, 1] of two classes, else [examples, classes].
  private var targets: Tensor { classes == 2 ? Tensor([labels.count, 1], labels.map(Float.init)) : oneHot(labels, classes: classes) }

  /// The mean probability of what the pictures are: unlike the accuracy it moves with every step, and unlike the loss no single picture rules it.
  private func score(_ logits: Tensor) -> Double {
    let all = probabilities(ofLogits: logits)
    return zip(all, devLabels).reduce(0) { $0 + Double($1.0[$1.1]) } / Double(devLabels.count)
  }
}

private func now() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
