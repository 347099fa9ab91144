public import Learning
public import ModelFormats
public import Tensors

/// A trained network with what its answers mean: the classes, and how certain its logits are.
///
/// The file is safetensors: the parameters by name, and kind, side, classes and temperature as texts. The same classifier gives the same bytes.
public struct PictureClassifier: Sendable {
  public var network: PictureNetwork
  /// The side of the pictures.
  public let side: Int
  public let classes: [String]
  /// T: probabilities are softmax(z / T) of the logits z: see ``TemperatureScaling``.
  public var temperature: Float

  public init(network: PictureNetwork, side: Int, classes: [String], temperature: Float = 1) {
    self.network = network
    self.side = side
    self.classes = classes
    self.temperature = temperature
  }

  /// Chooses the temperature by pictures that were not trained on: from ½ to 10, since a few pictures that are all right would say 0.
  public mutating func calibrate(on logits: Tensor, labels: [Int]) {
    let columns = logits.shape[1] == 1 ? Tensor([labels.count, 2], logits.elements.flatMap { [0, $0] }) : logits
    if let scaling = try? TemperatureScaling(logits: columns, labels: labels) { temperature = Float(min(10, max(0.5, scaling.temperature))) }
  }

  static let format = "percept.pictures/1"

  public func save(to path: String) throws(PictureClassifierError) {
    var tensors = NamedTensors()
    for (name, parameter) in network.parameters { tensors[name] = parameter.value }
    let metadata = [
      "format": Self.format, "kind": network.kind.rawValue, "side": "\(side)", "classes": classes.joined(separator: "\n"), "temperature": "\(temperature)",
    ]
    do throws(SafetensorsError) { try SafetensorsFile.write(tensors, metadata: metadata, to: path) } catch { throw .file(error) }
  }

  /// - Throws: ``PictureClassifierError`` when the file cannot be read, is no classifier's, or is damaged.
  public static func load(_ path: String) throws(PictureClassifierError) -> PictureClassifier {
    let file: SafetensorsFile
    do throws(SafetensorsError) { file = try SafetensorsFile(path) } catch { throw .file(error) }
    guard file.metadata["format"] == format else {
      throw .content(path: path, found: "another kind of safetensors file", expected: "a classifier that `iscat train` wrote")
    }
    func text<Value>(_ name: String, _ expected: String, _ value: (String) -> Value?) throws(PictureClassifierError) -> Value {
      guard let text = file.metadata[name], let value = value(text) else {
        throw .content(path: path, found: "“\(file.metadata[name] ?? "")” for \(name)", expected: expected)
      }
      return value
    }
    let kind = try text("kind", "one of \(PictureNetwork.Kind.allCases.map(\.rawValue).joined(separator: ", "))", PictureNetwork.Kind.init(rawValue:))
    let side = try text("side", "a whole number from 1 to 4096") { Int($0).flatMap { (1...4096).contains($0) ? $0 : nil } }
    let temperature = try text("temperature", "a number above 0") { Float($0).flatMap { $0 > 0 && $0.isFinite ? $0 : nil } }
    let classes = try text("classes", "two names or more, a line each") { text in
      let names = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return (2...10_000).contains(names.count) ? names : nil
    }
    var random = RandomNumbers(seed: 0)
    var network = PictureNetwork(kind, side: side, classes: classes.count, using: &random)
    do throws(ParameterError) { try network.load(Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.tensor) })) } catch {
      throw .parameters(path: path, error)
    }
    return PictureClassifier(network: network, side: side, classes: classes, temperature: temperature)
  }
}

/// Why a classifier cannot be read or written.
public enum PictureClassifierError: Error, CustomStringConvertible {
  case file(SafetensorsError)
  case content(path: String, found: String, expected: String)
  case parameters(path: String, ParameterError)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .content(let path, let found, let expected): "\(path): found \(found), expected \(expected)"
    case .parameters(let path, let error): "\(path): \(error)"
    }
  }
}
