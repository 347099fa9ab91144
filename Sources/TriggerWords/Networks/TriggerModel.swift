public import Kernels
public import Learning
public import ModelFormats
public import Spectra
import Tensors

/// A trained network with what its scores mean.
///
/// The file is safetensors: the parameters by name, and the rest as texts: see docs/formats/triggerword.md. The same model gives the same bytes.
public struct TriggerModel: Sendable {
  /// What it listens for, in words.
  public let phrase: String
  public var network: TriggerNetwork
  /// The score from which on the phrase counts as said.
  public var threshold: Float
  /// How long the phrase is, on average: an event begins so long before its end.
  public let phraseSeconds: Double
  /// How it came about, and what was measured: texts by name, for readers.
  public var notes: [String: String]

  public init(phrase: String, network: TriggerNetwork, threshold: Float, phraseSeconds: Double, notes: [String: String] = [:]) {
    self.phrase = phrase
    self.network = network
    self.threshold = threshold
    self.phraseSeconds = phraseSeconds
    self.notes = notes
  }

  /// Scores of a sound that comes block by block.
  ///
  /// - Throws: ``SpectraError`` when FFTW is not installed.
  public func scores(processor: Processor = .default) throws(SpectraError) -> ScoreStream { try ScoreStream(network, processor: processor) }

  /// Of a committee.
  public static let mostMembers = 16
  static let format = "percept.triggerword/1"
  private static let notePrefix = "note."

  /// Tensors of halves, such as those that ``TriggerNetwork/roundToHalves()`` leaves, are written as such.
  public func save(to path: String) throws(TriggerModelError) {
    var tensors = NamedTensors()
    for (name, parameter) in network.parameters { tensors[name] = parameter.value }
    var metadata = [
      "format": Self.format, "kind": network.kind.rawValue, "phrase": phrase, "threshold": "\(threshold)", "phrase seconds": "\(phraseSeconds)",
    ]
    if network.members.count > 1 { metadata["members"] = "\(network.members.count)" }
    for (name, text) in notes { metadata[Self.notePrefix + name] = text }
    do throws(SafetensorsError) { try SafetensorsFile.write(tensors, metadata: metadata, halvesWherePossible: true, to: path) } catch { throw .file(error) }
  }

  /// - Throws: ``TriggerModelError`` when the file cannot be read, is no such model's, or is damaged.
  public static func load(_ path: String) throws(TriggerModelError) -> TriggerModel {
    let file: SafetensorsFile
    do throws(SafetensorsError) { file = try SafetensorsFile(path) } catch { throw .file(error) }
    return try TriggerModel(file)
  }

  init(_ file: SafetensorsFile) throws(TriggerModelError) {
    guard file.metadata["format"] == Self.format else {
      throw .content(path: file.path, found: "another kind of safetensors file", expected: "a network that `triggerword train` wrote")
    }
    func text<Value>(_ name: String, _ expected: String, _ value: (String) -> Value?) throws(TriggerModelError) -> Value {
      guard let text = file.metadata[name], let value = value(text) else {
        throw .content(path: file.path, found: "“\(file.metadata[name] ?? "")” for \(name)", expected: expected)
      }
      return value
    }
    let kinds = TriggerNetwork.Kind.allCases.map(\.rawValue).joined(separator: " or ")
    let kind = try text("kind", kinds, TriggerNetwork.Kind.init(rawValue:))
    let phrase = try text("phrase", "a word or several") { $0.isEmpty ? nil : $0 }
    let threshold = try text("threshold", "a number from 0 to 1") { Float($0).flatMap { (0...1).contains($0) ? $0 : nil } }
    let seconds = try text("phrase seconds", "a number from 0 to 60") { Double($0).flatMap { (0...60).contains($0) ? $0 : nil } }
    let most = kind == .course ? 1 : Self.mostMembers
    let count = file.metadata["members"] == nil ? 1 : try text("members", "a number from 1 to \(most)") { Int($0).flatMap { (1...most).contains($0) ? $0 : nil } }
    // Networks have been narrower. A file without a stem is told what it lacks below.
    let stem = file.tensors.first { $0.name.hasSuffix("stem.convolution.weight") }?.tensor.shape
    let channels = stem.map { min(max($0.rank > 0 ? $0[0] : 0, 1), 1024) } ?? CausalNetwork.usualChannels
    var random = RandomNumbers(seed: 0), network = TriggerNetwork((0..<count).map { _ in TriggerNetwork(kind, channels: channels, using: &random) })
    do throws(ParameterError) { try network.load(Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.tensor) })) } catch {
      throw .parameters(path: file.path, error)
    }
    var notes: [String: String] = [:]
    for (name, text) in file.metadata where name.hasPrefix(Self.notePrefix) { notes[String(name.dropFirst(Self.notePrefix.count))] = text }
    self.init(phrase: phrase, network: network, threshold: threshold, phraseSeconds: seconds, notes: notes)
  }
}

/// Why a model cannot be read or written.
public enum TriggerModelError: Error, CustomStringConvertible {
  case file(SafetensorsError)
  case content(path: String, found: String, expected: String)
  case parameters(path: String, ParameterError)
  /// There is no shipped network of this name.
  case unknown(name: String, shipped: [String])

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .content(let path, let found, let expected): "\(path): found \(found), expected \(expected)"
    case .parameters(let path, let error): "\(path): \(error)"
    case .unknown(let name, let shipped):
      "\(name): no network of this name; shipped are \(shipped.joined(separator: ", ")); a file's name ends in .safetensors; `triggerword train --phrase` makes one"
    }
  }
}
