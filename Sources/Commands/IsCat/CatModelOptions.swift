import ArgumentParser
import Cats
import Kernels
import Learning
import ModelStore
import Training

/// Which network tells cats.
struct CatModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A network of `iscat train` (x.safetensors) or weights of EfficientNet-lite0 (x.pth); default: those of `percept models`.", valueName: "file"),
    completion: .file(extensions: ["safetensors", "pth"]))
  var model: String?

  /// - Throws: ``BackboneError``, ``PictureClassifierError`` or ``CatClassError``.
  func load(on processor: Processor) throws -> any CatModel {
    guard let model else { return CatClassifier(try .published(in: ModelStore()), processor: processor) }
    guard model.lowercased().hasSuffix(".safetensors") else { return CatClassifier(try .published(model), processor: processor) }
    return try TrainedCatClassifier(.load(model), source: model, processor: processor)
  }
}
