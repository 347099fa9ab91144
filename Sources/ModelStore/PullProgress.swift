/// What ``ModelStore/pull(_:progress:)-(ModelEntry,_)`` is doing.
public enum PullProgress: Sendable, Equatable {
  /// Another process is pulling the same model.
  case waiting(model: String)
  /// The file is there already, with the right checksum.
  case present(file: String)
  /// A download runs: bytes that are there, and the size of the whole if known. `name` is the file's or the package's.
  case downloading(name: String, received: Int, total: Int?)
  case unpacking(name: String)
  /// A source did not work; the next is tried.
  case failed(file: String, source: String, problem: String)
  /// The file is installed, and its SHA-256 is the one of the registry.
  case installed(file: String, bytes: Int)
}
