public import Learning
public import ModelFormats
public import ModelStore
import Tensors

extension EfficientNetLite0 {
  /// The network's model in the registry.
  public static let registeredName = "efficientnet-lite0"

  /// The side of the square that the network was trained on.
  public static let side = 224

  /// The network with its published weights, from a PyTorch file.
  ///
  /// - Throws: ``BackboneError`` when the file cannot be read or is another network's.
  public static func published(_ path: String) throws(BackboneError) -> EfficientNetLite0 {
    let tensors: NamedTensors
    do throws(PyTorchError) { tensors = try PyTorchFile.load(path) } catch { throw .weights(error) }
    var random = RandomNumbers(seed: 0), network = EfficientNetLite0(using: &random)
    do throws(ParameterError) { try network.load(parameters(published: Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.tensor) }))) } catch {
      throw .otherNetwork(file: path, error)
    }
    return network
  }

  /// The network of the registry.
  ///
  /// - Throws: ``BackboneError`` when it is not installed; the message has the command that installs it.
  public static func published(in store: ModelStore) throws(BackboneError) -> EfficientNetLite0 {
    let files: [String: String]
    do throws(ModelStoreError) { files = try store.locate(registeredName) } catch { throw .store(error) }
    guard let weights = files.values.first(where: { $0.hasSuffix(".pth") }) else { throw .noWeights }
    return try published(weights)
  }
}

/// Why the published network cannot be had.
public enum BackboneError: Error, CustomStringConvertible {
  case store(ModelStoreError)
  case weights(PyTorchError)
  /// The file holds other parameters than EfficientNet-lite0 has.
  case otherNetwork(file: String, ParameterError)
  /// The registered model has no file of weights.
  case noWeights

  public var description: String {
    let name = EfficientNetLite0.registeredName
    return switch self {
    case .store(let error): error.description
    case .weights(let error): error.description
    case .otherNetwork(let file, let error): "\(file): \(error); name the weights of EfficientNet-lite0"
    case .noWeights: "\(name): the model has no file of weights; `percept models pull \(name)` installs it anew"
    }
  }
}
