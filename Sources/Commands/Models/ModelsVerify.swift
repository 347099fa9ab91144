import ArgumentParser
import ModelStore

struct ModelsVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compute the checksums of installed models again.",
    discussion: "Without names: of all models that are installed. Exit code 69 when a file is missing or is not the one of the registry.")

  @Argument(help: "Names of models.", completion: modelNames) var names: [String] = []
  @Flag(help: "Print nothing but errors.") var quiet = false

  func run() throws {
    try reportingModelErrors { () throws(ModelStoreError) in
      let store = ModelStore()
      var failure: ModelStoreError?
      for entry in try models(named: names) {
        do throws(ModelStoreError) {
          try store.verify(entry)
          if !quiet { print("\(entry.name): ok") }
        } catch {
          // without names, a model nobody installed is not an error, but one with half of its files is
          if names.isEmpty, case .missing = error, !store.hasFiles(entry) { continue }
          if let failure { printError("percept models: \(failure)") }
          failure = error
        }
      }
      if let failure { throw failure }
    }
  }
}
