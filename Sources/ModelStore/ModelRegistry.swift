import Files
import FoundationEssentials

/// All models that Percept knows: `Assets/models.json`, which is built into the program; `$PERCEPT_ASSETS/models.json` takes its place.
public struct ModelRegistry: Sendable {
  public let models: [ModelEntry]

  /// Reads the registry.
  ///
  /// - Throws: ``ModelStoreError/registry(path:problem:)`` when `$PERCEPT_ASSETS/models.json` is not a registry.
  public static func load() throws(ModelStoreError) -> ModelRegistry {
    if let folder = environment("PERCEPT_ASSETS") {
      let path = "\(folder)/models.json"
      if fileStatus(path) != nil {
        do { return try ModelRegistry(json: try readFile(path, atMost: 1 << 24), path: path) } catch let error as FileError {
          throw .file(error)
        } catch let error as ModelStoreError {
          throw error
        } catch {
          throw .registry(path: path, problem: "\(error)")
        }
      }
    }
    return try ModelRegistry(json: PackageResources.models_json, path: "models.json")
  }

  /// A registry of just these models.
  public init(models: [ModelEntry]) { self.models = models }

  /// Reads a registry from the bytes of a JSON document; `path` names it in errors.
  package init(json: [UInt8], path: String) throws(ModelStoreError) {
    let document: Document
    do { document = try JSONDecoder().decode(Document.self, from: Data(json)) } catch {
      throw .registry(path: path, problem: jsonProblem(error))
    }
    guard document.schema == "percept.registry/1" else {
      throw .registry(path: path, problem: "found schema \"\(document.schema)\", expected \"percept.registry/1\"")
    }
    models = document.models
    if let problem = models.lazy.compactMap(Self.problem).first { throw .registry(path: path, problem: problem) }
    for (index, model) in models.enumerated() where models[..<index].contains(where: { $0.name == model.name }) {
      throw .registry(path: path, problem: "two models named \(model.name)")
    }
  }

  private struct Document: Decodable {
    var schema: String
    var models: [ModelEntry]
  }

  /// The model `name`.
  ///
  /// - Throws: ``ModelStoreError/unknownModel(name:known:)``, whose message suggests the names that are close.
  public func entry(named name: String) throws(ModelStoreError) -> ModelEntry {
    guard let entry = models.first(where: { $0.name == name }) else { throw .unknownModel(name: name, known: models.map(\.name)) }
    return entry
  }

  /// What is wrong with a model, or `nil`. Names become parts of paths, so a name must not be able to leave the folder.
  private static func problem(_ model: ModelEntry) -> String? {
    guard isFileName(model.name) else { return "\"\(model.name)\" cannot be a model's name" }
    if model.files.isEmpty { return "model \(model.name) has no files" }
    for file in model.files {
      guard isFileName(file.name) else { return "model \(model.name): \"\(file.name)\" cannot be a file's name" }
      guard !file.sources.isEmpty else { return "model \(model.name): \(file.name) has no sources" }
      for digest in [file.digest] + file.also {
        guard digest.bytes > 0 else { return "model \(model.name): \(file.name) has the size \(digest.bytes)" }
        guard digest.sha256.utf8.count == 64, digest.sha256.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
          return "model \(model.name): \(file.name): \"\(digest.sha256)\" is not a SHA-256"
        }
      }
    }
    return nil
  }

  private static func isFileName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-"), name.utf8.count <= 100 else { return false }
    return name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-_.".utf8.contains($0)
    }
  }
}

/// The place and the reason of a JSON error, in few words.
func jsonProblem(_ error: any Error) -> String {
  func place(_ path: [any CodingKey]) -> String {
    path.isEmpty ? "" : " in " + path.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }.joined(separator: ".")
  }
  return switch error as? DecodingError {
  case .keyNotFound(let key, let context): "\"\(key.stringValue)\" is missing\(place(context.codingPath))"
  case .typeMismatch(_, let context), .valueNotFound(_, let context): "a value of the wrong type\(place(context.codingPath))"
  case .dataCorrupted(let context): "this is not JSON\(place(context.codingPath)): \(context.debugDescription)"
  default: "\(error)"
  }
}
