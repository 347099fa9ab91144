import Graphs
public import Kernels
public import Learning
public import Media
import Tensors
import Training

/// Tells whether a picture shows a cat: the sum of the probabilities that EfficientNet-lite0 gives to the five classes of domestic cats.
///
/// ```swift
/// let classifier = CatClassifier(try .published(in: ModelStore()))
/// let answer = classifier.answer(try loadImage("photo.jpg").image)
/// print(answer.probability, answer.breed.name)
/// ```
public final class CatClassifier: CatModel {
  /// The probability from which on a picture counts as one of a cat: see docs/apps/iscat.md for how it was chosen.
  public static let usualThreshold: Float = 0.02
  public var threshold: Float { Self.usualThreshold }
  public let hasMaps = true

  private let arena: Arena
  private let network: EfficientNetLite0

  public init(_ network: EfficientNetLite0, processor: Processor = .default) {
    self.network = network
    let side = EfficientNetLite0.side, recorder = Recorder(), x = recorder.input("picture", [1, 3, side, side])
    let features = network.features(x, phase: .inference), logits = network.fc(GlobalAveragePool2D()(features))
    arena = Arena(for: recorder.graph(returning: [logits.softmax(), features]).compiled(for: processor))
  }

  /// The answer of the square of the picture that looks most like a cat's.
  ///
  /// - Parameter image: without alpha.
  public func answer(_ image: Image) -> CatAnswer {
    let answers = View.views(of: image).map(answer)
    return answers.dropFirst().reduce(answers[0]) { $1.probability > $0.probability ? $1 : $0 }
  }

  private func answer(_ view: View) -> CatAnswer {
    let probabilities = probabilities(ofInput: view.input)
    let breeds = CatBreed.allCases.map { (breed: $0, probability: probabilities[$0.rawValue]) }
    return CatAnswer(
      probability: min(1, breeds.reduce(0) { $0 + $1.probability }),
      breeds: breeds.sorted { $0.probability > $1.probability }, map: map(breeds, of: view))
  }

  /// The probabilities of all 1,000 classes for pixels that are ready for the network: [1, 3, 224, 224].
  package func probabilities(ofInput input: Tensor) -> [Float] {
    arena.setInput(0, to: input)
    arena.run()
    return arena.output(0).elements
  }

  /// What speaks for the classes of cats, each by its probability.
  private func map(_ breeds: [(breed: CatBreed, probability: Float)], of view: View) -> ClassMap {
    let weights = network.fc.weight.value, total = breeds.reduce(Float.leastNonzeroMagnitude) { $0 + $1.probability }
    let mean = (0..<weights.shape[1]).map { channel in
      breeds.reduce(Float(0)) { $0 + $1.probability / total * weights[$1.breed.rawValue, channel] }
    }
    return ClassMap(features: arena.output(1), weights: mean, area: view.area)
  }
}

/// The classes of domestic cats among ImageNet's.
public enum CatBreed: Int, CaseIterable, Sendable {
  case tabby = 281
  case tiger = 282
  case persian = 283
  case siamese = 284
  case egyptian = 285

  /// As the class is called.
  public var name: String {
    switch self {
    case .tabby: "tabby"
    case .tiger: "tiger cat"
    case .persian: "Persian cat"
    case .siamese: "Siamese cat"
    case .egyptian: "Egyptian cat"
    }
  }
}

