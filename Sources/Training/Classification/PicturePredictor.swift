import Graphs
public import Kernels
import Learning
public import Media
public import Tensors

/// Runs a classifier: pictures in, probabilities out.
public final class PicturePredictor {
  public let classifier: PictureClassifier
  private let processor: Processor
  /// One for each size of a batch.
  private var arenas: [Int: Arena] = [:]
  private static let batch = 8

  public init(_ classifier: PictureClassifier, processor: Processor = .default) {
    self.classifier = classifier
    self.processor = processor
  }

  /// The probability of each class.
  public func probabilities(of image: Image) -> [Float] { answer(image).probabilities }

  /// The probability of each class, and what spoke for one of them where: nil for networks that do not average maps at their end.
  public func answer(_ image: Image, mapOf index: Int = 0) -> (probabilities: [Float], map: ClassMap?) {
    let side = classifier.side
    var set = PictureSet(classes: classifier.classes, width: side, height: side, source: "")
    set.add(image.squared(side: side), label: 0, name: "")
    let arena = run(set.inputs([0]))
    let probabilities = probabilities(ofLogits: arena.output(0))[0]
    return (probabilities, classMap(of: index, arena, image))
  }

  /// [pictures, 1] of two classes, else [pictures, classes].
  ///
  /// - Parameter progress: told how many pictures have been seen.
  public func logits(of pictures: PictureSet, progress: (Int) -> Void = { _ in }) -> Tensor {
    let pictures = pictures.squared(side: classifier.side), outputs = PictureNetwork.logits(ofClasses: classifier.classes.count)
    var all: [Float] = []
    for first in stride(from: 0, to: pictures.count, by: Self.batch) {
      let indices = Array(first..<min(first + Self.batch, pictures.count))
      // The last batch is filled up: one program is enough.
      let filled = indices + [Int](repeating: indices[0], count: pictures.count < Self.batch ? 0 : Self.batch - indices.count)
      all += run(pictures.inputs(filled)).output(0).elements.prefix(indices.count * outputs)
      progress(indices.last! + 1)
    }
    return Tensor([pictures.count, outputs], all)
  }

  /// The probabilities of all classes for each row of logits, at the classifier's temperature.
  public func probabilities(ofLogits logits: Tensor) -> [[Float]] { Learning.probabilities(ofLogits: logits, temperature: classifier.temperature) }

  private func run(_ x: Tensor) -> Arena {
    let arena = arenas[x.shape[0]] ?? prepared(x.shape)
    arenas[x.shape[0]] = arena
    arena.setInput(0, to: x)
    arena.run()
    return arena
  }

  private func prepared(_ shape: Shape) -> Arena {
    let recorder = Recorder(), x = recorder.input("pictures", shape), network = classifier.network
    guard let maps = network.body as? any MapClassifier else {
      return Arena(for: recorder.graph(returning: [network(x, phase: .inference)]).compiled(for: processor, preparation: .quick))
    }
    let features = maps.features(network.scaled(x), phase: .inference), logits = maps.fc(GlobalAveragePool2D()(features))
    return Arena(for: recorder.graph(returning: [logits, features]).compiled(for: processor, preparation: .quick))
  }

  private func classMap(of index: Int, _ arena: Arena, _ image: Image) -> ClassMap? {
    guard let maps = classifier.network.body as? any MapClassifier else { return nil }
    let weights = maps.fc.weight.value, channels = weights.shape[1]
    // The one logit of two classes speaks for the second.
    let isSingle = weights.shape[0] == 1, row = isSingle ? 0 : index, sign: Float = isSingle && index == 0 ? -1 : 1
    let short = Double(min(image.width, image.height))
    let area = Rectangle(
      x: ((Double(image.width) - short) / 2).rounded(.down), y: ((Double(image.height) - short) / 2).rounded(.down), width: short, height: short)
    return ClassMap(features: arena.output(1), weights: (0..<channels).map { sign * weights[row, $0] }, area: area)
  }
}
