import ArgumentParser
import ModelStore

/// `percept models`: which networks there are, which are installed, and how they get here.
public struct ModelsCommand: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List, install and check the pretrained networks.",
    discussion: """
      Networks are kept in $PERCEPT_MODELS, else in $XDG_CACHE_HOME/percept/models, else in ~/.cache/percept/models.
      Only `percept models pull` uses the network; every file is checked against the SHA-256 in the registry.

      EXAMPLES
        percept models                          what there is, and what is installed
        percept models pull yolov3-tiny         install one network
        percept models pull --all               install all of them
        percept models path yolov3-tiny         where its files are
      """,
    subcommands: [ModelsList.self, ModelsPull.self, ModelsVerify.self, ModelsPath.self],
    defaultSubcommand: ModelsList.self)

  public init() {}
}

extension ModelStoreError {
  /// The exit code for this error: 64 wrong usage, 69 a model is missing or fails its checksum, 65 a file that cannot be read or written.
  var exitCode: Int32 {
    switch self {
    case .unknownModel: 64
    case .registry, .file: 65
    case .missing, .damaged, .noSource, .notFound: 69
    }
  }
}

/// Runs `body`; an error of the store is printed, and its exit code thrown.
func reportingModelErrors(_ body: () throws(ModelStoreError) -> Void) throws {
  do throws(ModelStoreError) { try body() } catch {
    printError("percept models: \(error)")
    throw ExitCode(error.exitCode)
  }
}

/// The models named, or all of the registry when `names` is empty.
func models(named names: [String]) throws(ModelStoreError) -> [ModelEntry] {
  let registry = try ModelRegistry.load()
  guard !names.isEmpty else { return registry.models }
  var entries: [ModelEntry] = []
  for name in names {
    let entry = try registry.entry(named: name)
    if !entries.contains(entry) { entries.append(entry) }
  }
  return entries
}

let modelNames = CompletionKind.custom { _, _, _ in (try? ModelRegistry.load())?.models.map(\.name) ?? [] }
