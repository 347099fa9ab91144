import Glibc
import Learning
import Media
import Tensors
import Training

extension Experiment {
  /// A residual network from scratch, and a network that has seen other pictures before, on few pictures of signs: five folds.
  static let resNetSigns = Experiment(
    name: "resnet-signs", summary: "signs of six classes: a ResNet from scratch beside transfer learning", needsBackbone: true
  ) { bench in
    let signs = try bench.signs(), folds = try Folds(stratifiedBy: signs.labels, folds: 5, seed: bench.seed)
    var report = LabReport(data: signs.source, columns: ["network", "right", "from", "to", "macro F1"])
    var scores: [(name: String, right: Double, interval: ConfidenceInterval)] = []
    let recipes = recipes(bench).filter { !$0.training.kind.isPretrained || bench.backbone != nil }
    for (number, (name, training)) in recipes.enumerated() {
      var said = [Int](repeating: 0, count: signs.count)
      for fold in 0..<folds.count {
        let (train, held) = folds[fold]
        let result = try training.run(
          train: signs.subset(train), backbone: training.kind.isPretrained ? bench.backbone : nil, processor: bench.processor
        ) { place in
          if case .step(let step, _) = place {
            let part = (Double(step.epoch) + Double(step.batch + 1) / Double(step.batches)) / Double(step.epochs)
            let place = Double(number) + (Double(fold) + part) / Double(folds.count)
            bench.progress("\(name), fold \(fold + 1)", place / Double(recipes.count))
          }
          return true
        }
        let predictor = PicturePredictor(result.classifier, processor: bench.processor), others = signs.subset(held)
        for (place, probabilities) in predictor.probabilities(ofLogits: predictor.logits(of: others)).enumerated() {
          said[held[place]] = probabilities.firstIndex(of: probabilities.max()!)!
        }
      }
      let confusion = try ConfusionMatrix(predicted: said, actual: signs.labels, classCount: signs.classes.count)
      let right = zip(said, signs.labels).count { $0 == $1 }, interval = try ConfidenceInterval.wilson(successes: right, trials: signs.count)
      report.add(.text(name), .part(confusion.accuracy), .part(interval.lower), .part(interval.upper), .part(confusion.macroScores.f1))
      scores.append((name, confusion.accuracy, interval))
      try report.add("confusion-\(training.kind.rawValue)", confusion.picture(title: "Signs: \(name)", classes: signs.classes))
    }
    report.conclusion = conclusion(scores, hasBackbone: bench.backbone != nil)
    return report
  }

  private static func recipes(_ bench: LabBench) -> [(name: String, training: PictureTraining)] {
    func recipe(_ kind: PictureNetwork.Kind, side: Int, epochs: Int) -> PictureTraining {
      var training = PictureTraining(kind)
      training.side = side
      training.epochs = bench.iterations(epochs)
      training.seed = bench.seed
      // A mirrored hand may be another sign.
      training.augmentations = [RandomCrop(), RandomRotation(degrees: 10), ColorShift()]
      return training
    }
    return [
      ("ResNet-18 from scratch", recipe(.resnet18, side: 64, epochs: 60)),
      ("EfficientNet-lite0, last layer", recipe(.transfer, side: 96, epochs: 100)),
      ("EfficientNet-lite0, fine-tuned", recipe(.finetune, side: 128, epochs: 30)),
    ]
  }

  private static func conclusion(_ scores: [(name: String, right: Double, interval: ConfidenceInterval)], hasBackbone: Bool) -> String {
    let best = scores.max { $0.right < $1.right }!, scratch = scores[0]
    guard hasBackbone else { return "Without `percept models pull efficientnet-lite0` there is nothing to transfer from: only the network from scratch was trained." }
    let isClear = best.interval.lower > scratch.interval.upper
    return "Best: \(best.name). Its interval \(isClear ? "lies above" : "reaches into") that of \(scratch.name): the difference is \(isClear ? "no chance" : "not certain")."
  }
}

extension LabBench {
  /// The course's signs, or generated ones.
  fileprivate func signs() throws -> PictureSet {
    if let folder { return try PictureSet.load("\(folder)/signs/test_signs.h5") }
    var random = RandomNumbers(seed: seed)
    return try generatedSigns(120, using: &random)
  }
}

/// Palms with no to five fingers, in other colours, sizes, angles and light: the class is the number of fingers.
private func generatedSigns(_ count: Int, using random: inout RandomNumbers) throws -> PictureSet {
  let side = 64
  var set = PictureSet(classes: (0..<6).map { "\($0)" }, width: side, height: side, source: "generated")
  for index in 0..<count {
    let fingers = index % 6, wall = Double(random.uniform(in: 0.5..<0.95)), hue = Double(random.uniform(in: 0.02..<0.12))
    let canvas = try Canvas(width: side, height: side)
    canvas.fillRectangle(Rectangle(x: 0, y: 0, width: 64, height: 64), color: Color(hue: Double(random.uniform()), saturation: 0.1, value: wall))
    let color = Color(hue: hue, saturation: Double(random.uniform(in: 0.3..<0.6)), value: Double(random.uniform(in: 0.45..<0.95)))
    let x = Double(random.uniform(in: 24..<40)), y = Double(random.uniform(in: 36..<46)), radius = Double(random.uniform(in: 8..<12))
    let turn = Double(random.uniform(in: -0.4..<0.4)), first = random.index(below: 6 - fingers)
    for finger in first..<first + fingers {
      let angle = turn + (Double(finger) - 2) * 0.42, length = radius * Double(random.uniform(in: 1.9..<2.6))
      let end = Point(x: x + length * sin(angle), y: y - length * cos(angle))
      canvas.line(from: Point(x: x, y: y), to: end, color: color, lineWidth: radius * 0.42)
      canvas.fillCircle(center: end, radius: radius * 0.21, color: color)
    }
    canvas.fillCircle(center: Point(x: x, y: y), radius: radius, color: color)
    var image = canvas.image()
    for pixel in image.pixels.indices { image.pixels[pixel] = UInt8(min(255, max(0, Float(image.pixels[pixel]) + 8 * random.normal()))) }
    set.add(image, label: fingers, name: "\(index)")
  }
  return set
}
