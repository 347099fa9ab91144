import Files

/// The models installed on this machine: one folder a model, below `$PERCEPT_MODELS`, else `$XDG_CACHE_HOME/percept/models`, else `~/.cache/percept/models`.
///
/// Nothing here but ``pull(_:progress:)`` and its siblings uses the network.
public struct ModelStore: Sendable {
  /// The folder of all models.
  public let folder: String
  /// How packages are found; tests set their own.
  package var tools = PackageTools()

  public init(folder: String? = nil) { self.folder = folder ?? Self.defaultFolder }

  private static var defaultFolder: String {
    environment("PERCEPT_MODELS") ?? "\(cacheFolder())/models"
  }

  /// Where `file` of `entry` is, or will be.
  public func path(of entry: ModelEntry, _ file: ModelFile) -> String { "\(folder)/\(entry.name)/\(file.name)" }

  /// Whether all files of `entry` are there and have the right size; their content is not read.
  public func isInstalled(_ entry: ModelEntry) -> Bool {
    entry.files.allSatisfy { file in fileStatus(path(of: entry, file)).map { $0.isRegular && file.accepts(bytes: $0.bytes) } ?? false }
  }

  /// Whether any file of `entry` is there, in whatever state.
  public func hasFiles(_ entry: ModelEntry) -> Bool { entry.files.contains { fileStatus(path(of: entry, $0)) != nil } }

  /// The files of the installed model `name`: file name → path.
  ///
  /// A file's checksum is computed when the file is installed, and again when its size or time of change is no longer what it was then.
  /// - Throws: ``ModelStoreError/missing(model:path:)``, ``ModelStoreError/damaged(model:path:found:expected:)`` or
  ///   ``ModelStoreError/unknownModel(name:known:)``; the message gives the command that helps.
  public func locate(_ name: String) throws(ModelStoreError) -> [String: String] {
    try locate(ModelRegistry.load().entry(named: name))
  }

  /// The files of an installed model: see ``locate(_:)-(String)``.
  public func locate(_ entry: ModelEntry) throws(ModelStoreError) -> [String: String] {
    try check(entry, trustingStamps: true)
    var paths: [String: String] = [:]
    for file in entry.files { paths[file.name] = path(of: entry, file) }
    return paths
  }

  /// Computes the checksum of every file of `entry`.
  ///
  /// - Throws: ``ModelStoreError/missing(model:path:)`` or ``ModelStoreError/damaged(model:path:found:expected:)``.
  public func verify(_ entry: ModelEntry) throws(ModelStoreError) { try check(entry, trustingStamps: false) }

  private func check(_ entry: ModelEntry, trustingStamps: Bool) throws(ModelStoreError) {
    let old = Stamps(stampsPath(entry))
    var stamps = old
    for file in entry.files { try check(file, of: entry, &stamps, trustingStamps: trustingStamps) }
    if stamps != old { save(stamps, of: entry) }
  }

  /// Throws unless `file` is there with the right content.
  func check(_ file: ModelFile, of entry: ModelEntry, _ stamps: inout Stamps, trustingStamps: Bool) throws(ModelStoreError) {
    let path = path(of: entry, file)
    guard let status = fileStatus(path) else { throw .missing(model: entry.name, path: path) }
    guard status.isRegular, file.accepts(bytes: status.bytes) else {
      throw .damaged(model: entry.name, path: path, found: "\(status.bytes) bytes", expected: "\(file.bytes)")
    }
    if trustingStamps, let known = stamps.digest(of: file.name, status: status), file.accepts(known) { return }
    let found: FileDigest
    do { found = try digest(ofFile: path) } catch { throw .file(error) }
    guard file.accepts(found) else {
      throw .damaged(model: entry.name, path: path, found: "SHA-256 \(found.sha256)", expected: file.digest.sha256)
    }
    stamps.record(file.name, found, status: status)
  }

  func stampsPath(_ entry: ModelEntry) -> String { "\(folder)/\(entry.name)/.verified" }

  /// Keeps the stamps. In a folder that may not be written they are made again at the next use.
  func save(_ stamps: Stamps, of entry: ModelEntry) { try? writeFile(stampsPath(entry), stamps.text) }
}
