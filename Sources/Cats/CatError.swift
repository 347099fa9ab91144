public import Learning
public import ModelFormats
public import ModelStore

/// Why a classifier could not be made ready.
public enum CatError: Error, CustomStringConvertible {
  case store(ModelStoreError)
  case weights(PyTorchError)
  /// The file holds other parameters than EfficientNet-lite0 has.
  case otherNetwork(file: String, ParameterError)
  /// The registered model has no file of weights.
  case noWeights

  public var description: String {
    switch self {
    case .store(let error): error.description
    case .weights(let error): error.description
    case .otherNetwork(let file, let error): "\(file): \(error); name the weights of EfficientNet-lite0"
    case .noWeights: "\(CatClassifier.model): the model has no file of weights; `percept models pull \(CatClassifier.model)` installs it anew"
    }
  }
}
