import ArgumentParser
import FoundationEssentials
import ModelStore

struct ModelsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the registry: name, task, size, licence, installed or not, quality.")

  @Flag(help: "Print one JSON document, schema percept.models/1.") var json = false

  func run() throws {
    try reportingModelErrors { () throws(ModelStoreError) in
      let store = ModelStore()
      let models = try ModelRegistry.load().models
      print(json ? Self.json(models, store) : Self.table(models, store), terminator: "")
    }
  }

  static func table(_ models: [ModelEntry], _ store: ModelStore) -> String {
    var rows = [["NAME", "TASK", "SIZE", "INSTALLED", "LICENCE", "QUALITY"]]
    for model in models {
      rows.append([model.name, model.task, byteCount(model.bytes), store.isInstalled(model) ? "yes" : "no", model.license, model.quality])
    }
    let widths = rows[0].indices.map { column in rows.reduce(0) { max($0, $1[column].count) } }
    let lines = rows.map { row in
      row.enumerated().map { column, cell in
        column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
      }.joined(separator: "  ")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func json(_ models: [ModelEntry], _ store: ModelStore) -> String {
    struct Document: Encodable {
      var schema = "percept.models/1"
      var folder: String
      var models: [Model]
    }
    struct Model: Encodable {
      var name, task, license, origin, quality: String
      var bytes: Int
      var installed: Bool
      var files: [File]
    }
    struct File: Encodable {
      var name: String
      var bytes: Int
      var sha256, path: String
      var sources: [String]
    }
    let document = Document(
      folder: store.folder,
      models: models.map { model in
        Model(
          name: model.name, task: model.task, license: model.license, origin: model.origin, quality: model.quality, bytes: model.bytes,
          installed: store.isInstalled(model),
          files: model.files.map { file in
            File(
              name: file.name, bytes: file.bytes, sha256: file.digest.sha256, path: store.path(of: model, file),
              sources: file.sources.map(\.description))
          })
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try! encoder.encode(document)  // strings, numbers and lists: nothing in it can fail
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
