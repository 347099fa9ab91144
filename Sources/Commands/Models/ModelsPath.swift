import ArgumentParser
import ModelStore

struct ModelsPath: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path", abstract: "Print where the files of an installed model are, one path a line.")

  @Argument(help: "Names of models.", completion: modelNames) var names: [String]

  func run() throws {
    try reportingModelErrors { () throws(ModelStoreError) in
      let store = ModelStore()
      for entry in try models(named: names) {
        let paths = try store.locate(entry)
        for file in entry.files { print(paths[file.name] ?? store.path(of: entry, file)) }
      }
    }
  }
}
