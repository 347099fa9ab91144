import Graphs
public import Kernels
import Learning
public import Media
import ModelFormats
public import ModelStore
import Tensors

/// Tells whether a picture shows a cat: the sum of the probabilities that EfficientNet-lite0 gives to the five classes of domestic cats.
///
/// ```swift
/// let classifier = try CatClassifier(in: ModelStore())
/// let answer = classifier.answer(try loadImage("photo.jpg").image)
/// print(answer.probability, answer.breed.name)
/// ```
public final class CatClassifier {
  /// The network's model in the registry.
  public static let model = "efficientnet-lite0"

  /// The probability from which on a picture counts as one of a cat: see docs/apps/iscat.md for how it was chosen.
  public static let threshold: Float = 0.02

  /// The side of the square that the network sees.
  static let side = 224

  private let arena: Arena
  private let network: EfficientNetLite0

  /// - Parameter weights: the path of the published PyTorch file.
  /// - Throws: ``CatError`` when the file cannot be read or is another network's.
  public init(weights: String, processor: Processor = .default) throws(CatError) {
    let tensors: NamedTensors
    do throws(PyTorchError) { tensors = try PyTorchFile.load(weights) } catch { throw .weights(error) }
    var random = RandomNumbers(seed: 0), network = EfficientNetLite0(using: &random)
    do throws(ParameterError) { try network.load(EfficientNetLite0.parameters(published: Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.tensor) }))) } catch {
      throw .otherNetwork(file: weights, error)
    }
    self.network = network
    let recorder = Recorder(), x = recorder.input("picture", [1, 3, Self.side, Self.side])
    let features = network.features(x, phase: .inference), logits = network.fc(GlobalAveragePool2D()(features))
    arena = Arena(for: recorder.graph(returning: [logits.softmax(), features]).compiled(for: processor))
  }

  /// With the registered network.
  ///
  /// - Throws: ``CatError`` when it is not installed; the message has the command that installs it.
  public convenience init(in store: ModelStore, processor: Processor = .default) throws(CatError) {
    let files: [String: String]
    do throws(ModelStoreError) { files = try store.locate(Self.model) } catch { throw .store(error) }
    guard let weights = files.values.first(where: { $0.hasSuffix(".pth") }) else { throw .noWeights }
    try self.init(weights: weights, processor: processor)
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

  /// Class activation map (Zhou et al. 2016): at each place of the last maps, how much it speaks for cats. The mean over all places is what the classes' logits
  /// are made of.
  private func map(_ breeds: [(breed: CatBreed, probability: Float)], of view: View) -> CatAnswer.Map {
    let features = arena.output(1), channels = features.shape[1], height = features.shape[2], width = features.shape[3]
    let values = features.span, weights = network.fc.weight.value
    let total = breeds.reduce(Float.leastNonzeroMagnitude) { $0 + $1.probability }
    var map = [Float](repeating: 0, count: height * width)
    for channel in 0..<channels {
      let weight = breeds.reduce(Float(0)) { $0 + $1.probability / total * weights[$1.breed.rawValue, channel] }
      for place in map.indices { map[place] += weight * values[channel * height * width + place] }
    }
    return CatAnswer.Map(width: width, height: height, values: map, area: view.area)
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

/// What a classifier says of one picture.
public struct CatAnswer: Sendable {
  /// That there is a cat, from 0 to 1: the sum over all breeds.
  public let probability: Float
  /// All breeds, the most likely first.
  public let breeds: [(breed: CatBreed, probability: Float)]
  /// Where the network looked.
  public let map: Map

  /// The most likely breed.
  public var breed: CatBreed { breeds[0].breed }

  /// How much each part of a picture speaks for a cat, row by row; below 0 where it speaks against one.
  public struct Map: Sendable {
    public let width, height: Int
    public let values: [Float]
    /// The part of the picture that the map covers, in pixels.
    public let area: Rectangle
  }
}
