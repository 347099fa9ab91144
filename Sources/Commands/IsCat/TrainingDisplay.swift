import Learning
import Training

/// How far a training is: bar, time left, the losses so far as a sparkline, and the best score.
///
///     cnn ━━━━━━━━━━━━────────  60 %  180/300  0:42 left  epoch 60/100  loss 0.214 █▆▅▄▃▂▂▁  score 0.91 (best 0.93)
final class TrainingDisplay {
  private let bar: ProgressBar, preparation: ProgressBar
  private let isQuiet: Bool

  init(label: String, isQuiet: Bool) {
    preparation = ProgressBar(label: "looking at pictures", total: nil, isQuiet: isQuiet)
    bar = ProgressBar(label: label, total: nil, isQuiet: isQuiet)
    self.isQuiet = isQuiet
  }

  func show(_ place: PictureTrainingProgress) {
    switch place {
    case .features(let done, let total): preparation.advance(to: done, of: total)
    case .step(let step, let history):
      preparation.clear()
      bar.advance(to: step.epoch * step.batches + step.batch + 1, of: step.epochs * step.batches, note: Self.note(step, history))
    }
  }

  func finish() {
    preparation.finish()
    bar.finish()
  }

  static func note(_ step: TrainingProgress, _ history: TrainingHistory) -> String {
    let losses = history.epochs.map { Double($0.loss) } + [Double(step.meanLoss)]
    var note = "epoch \(step.epoch + 1)/\(step.epochs)  loss \(decimal(Double(step.meanLoss), digits: 3)) \(sparkline(losses, width: 16))"
    if let last = history.epochs.last?.score, let bestEpoch = history.bestEpoch, let best = history.epochs[bestEpoch].score {
      note += "  score \(decimal(last, digits: 2)) (best \(decimal(best, digits: 2)))"
    }
    return note
  }
}
