import Foundation
import Kernels
import Learning
import Media
import ModelFormats
import Tensors
import Testing
import Training

/// Classifiers of pictures: from a recipe to a file and back.
@Suite struct PictureTrainingTests {
  private func recipe(_ kind: PictureNetwork.Kind = .cnn, epochs: Int = 6) -> PictureTraining {
    var recipe = PictureTraining(kind)
    recipe.side = 16
    recipe.epochs = epochs
    recipe.batchSize = 8
    return recipe
  }

  private func accuracy(_ classifier: PictureClassifier, on set: PictureSet) -> Double {
    let predictor = PicturePredictor(classifier), all = predictor.probabilities(ofLogits: predictor.logits(of: set))
    return Double(zip(all, set.labels).count { $0[$1] > 0.5 }) / Double(set.count)
  }

  private func bytes(_ classifier: PictureClassifier) throws -> Data {
    try withFolder { folder in
      try classifier.save(to: "\(folder)/a.safetensors")
      return try Data(contentsOf: URL(fileURLWithPath: "\(folder)/a.safetensors"))
    }
  }

  @Test(arguments: [PictureNetwork.Kind.logistic, .perceptron, .cnn, .resnet18]) func everyNetworkLearns(_ kind: PictureNetwork.Kind) throws {
    var recipe = recipe(kind, epochs: kind == .resnet18 ? 8 : 30)
    if kind == .logistic { recipe.learningRate = 0.002 }
    let result = try recipe.run(train: squares(48), dev: squares(20, seed: 2))
    #expect(result.isComplete && result.history.epochs.count == recipe.epochs && result.history.bestEpoch != nil)
    #expect(accuracy(result.classifier, on: squares(40, seed: 3)) > 0.9, "\(kind)")
  }

  @Test func theSameSeedGivesTheSameFile() throws {
    func trained(_ seed: UInt64, threads: Int) throws -> Data {
      var recipe = recipe(epochs: 2)
      recipe.seed = seed
      recipe.mixup = Mixup()
      recipe.augmentations.append(Cutout())
      return try bytes(recipe.run(train: squares(20), dev: squares(8, seed: 2), processor: Processor(threadCount: threads)).classifier)
    }
    let first = try trained(5, threads: 1)
    #expect(try trained(5, threads: 1) == first && trained(5, threads: 2) == first && trained(6, threads: 1) != first)
  }

  @Test func anInterruptedRunGoesOnToTheSameFile() throws {
    try withFolder { folder in
      let train = squares(24), dev = squares(8, seed: 2), whole = try recipe().run(train: train, dev: dev)
      let path = "\(folder)/state.safetensors"
      var steps = 0
      let part = try recipe().run(train: train, dev: dev, checkpoint: path) { _ in
        steps += 1
        return steps < 8  // in the third epoch of six
      }
      #expect(!part.isComplete && part.history.epochs.count == 2)
      let rest = try recipe().run(train: train, dev: dev, checkpoint: path, resumes: true)
      #expect(rest.isComplete && rest.history == whole.history)
      #expect(try bytes(rest.classifier) == bytes(whole.classifier))

      for (name, change) in [("seed", { (recipe: inout PictureTraining) in recipe.seed = 9 }), ("epochs", { $0.epochs = 7 }), ("changes", { $0.augmentations = [] })] {
        var other = recipe()
        change(&other)
        do { _ = try other.run(train: train, dev: dev, checkpoint: path, resumes: true); Issue.record("another \(name) was taken") } catch {
          #expect("\(error)".contains(path) && "\(error)".contains("expected one of"), "\(error)")
        }
      }
      #expect(throws: PictureTrainingError.self) { try recipe().run(train: squares(24, seed: 4), dev: dev, checkpoint: path, resumes: true) }
      #expect(throws: PictureTrainingError.self) { try recipe().run(train: train, dev: dev, checkpoint: "\(folder)/none.safetensors", resumes: true) }
    }
  }

  @Test func moreThanTwoClasses() throws {
    var three = PictureSet(classes: ["red", "green", "blue"], width: 16, height: 16, source: "colours")
    for index in 0..<30 {
      let dark = UInt8(20 + index), color: (UInt8, UInt8, UInt8) = index % 3 == 0 ? (200, dark, dark) : index % 3 == 1 ? (dark, 200, dark) : (dark, dark, 200)
      three.add(Image(width: 16, height: 16, filledWith: color), label: index % 3, name: "\(index)")
    }
    let result = try recipe(epochs: 12).run(train: three)
    #expect(result.history.bestEpoch == nil && accuracy(result.classifier, on: three) == 1)
    let (probabilities, map) = PicturePredictor(result.classifier).answer(three.image(1), mapOf: 1)
    #expect(probabilities.count == 3 && abs(probabilities.reduce(0, +) - 1) < 1e-5 && probabilities[1] > 0.5)
    #expect(map?.width == 1 && map?.area == Rectangle(x: 0, y: 0, width: 16, height: 16))
  }

  @Test func tooFewPicturesAreRefused() {
    #expect(throws: PictureTrainingError.self) { try recipe().run(train: squares(1)) }
    #expect(throws: PictureTrainingError.self) { try recipe().run(train: squares(8).subset([0, 2, 4])) }
  }

  @Test func aRateThatIsTooLargeIsTold() throws {
    var recipe = recipe(.perceptron, epochs: 40)
    recipe.learningRate = 1e30
    do { _ = try recipe.run(train: squares(16)); Issue.record("it converged") } catch {
      #expect("\(error)".contains("diverged") && "\(error)".contains("smaller learning rate"), "\(error)")
    }
  }

  @Test func filesAreReadAsTheyWereWritten() throws {
    try withFolder { folder in
      var random = RandomNumbers(seed: 3)
      let path = "\(folder)/a.safetensors", pictures = squares(9)
      for kind in PictureNetwork.Kind.allCases {
        let side = kind.isPretrained ? 32 : 16, network = PictureNetwork(kind, side: side, classes: 2, using: &random)
        let classifier = PictureClassifier(network: network, side: side, classes: ["a\"b", "käse"], temperature: 1.5)
        try classifier.save(to: path)
        let read = try PictureClassifier.load(path)
        #expect(read.classes == classifier.classes && read.side == side && read.temperature == 1.5 && read.network.kind == kind)
        #expect(PicturePredictor(read).logits(of: pictures) == PicturePredictor(classifier).logits(of: pictures), "\(kind)")
      }
      let file = try SafetensorsFile(path), good = file.metadata
      for (name, value) in [("kind", "vgg"), ("side", "0"), ("side", "99999999999999999999"), ("temperature", "-1"), ("temperature", "nan"), ("classes", "one"), ("format", "x")] {
        var bad = good
        bad[name] = value
        try SafetensorsFile.write(file.tensors, metadata: bad, to: "\(folder)/bad.safetensors")
        let error = #expect(throws: PictureClassifierError.self, "\(name) \(value)") { try PictureClassifier.load("\(folder)/bad.safetensors") }
        #expect("\(error!)".contains("bad.safetensors"))
      }
      var fewer = file.tensors
      fewer["fc.weight"] = nil
      try SafetensorsFile.write(fewer, metadata: good, to: "\(folder)/bad.safetensors")
      #expect(throws: PictureClassifierError.self) { try PictureClassifier.load("\(folder)/bad.safetensors") }
    }
  }

  @Test func plotsHaveWhatTheyShow() throws {
    let history = TrainingHistory(
      epochs: [.init(loss: 1, score: 0.5), .init(loss: 0.5, score: 0.8), .init(loss: 0.4, score: 0.7)], bestEpoch: 1)
    let curves = history.curves(title: "t", score: "dev")
    #expect(curves.series.map(\.name) == ["training loss", "dev", "best"] && curves.series[0].points.map(\.y) == [1, 0.5, Double(Float(0.4))])
    #expect(curves.series[2].points == [Point(x: 2, y: 0.8)])
    let reliability = try Reliability(probabilities: [0.05, 0.15, 0.85, 0.95], cameTrue: [false, true, false, true], binCount: 10).plot(title: "r")
    #expect(reliability.series[1].points.map(\.y) == [0, 1, 0, 1] && abs(reliability.series[1].points[2].x - 0.85) < 1e-6)
    var confusion = ConfusionMatrix(classCount: 2)
    confusion[0, 0] = 5
    let right = try confusion.picture(title: "c", classes: ["a", "b"])
    confusion[0, 1] = 5
    #expect(try confusion.picture(title: "c", classes: ["a", "b"]).pixels != right.pixels)
  }
}
