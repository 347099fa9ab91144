import Files

/// Packages as archives.
extension PullSession {
  /// Hands the archive of a source to `body`; it is fetched first when this run has not done so. One process at a time has it.
  func withArchive(
    of source: ModelSource, fetch: () throws(SourceProblem) -> String, body: (String) throws(SourceProblem) -> Void
  ) throws(SourceProblem) {
    let key = source.description
    let lock: FileLock
    do { lock = try FileLock(lockPath(key), waiting: { progress(.waiting(model: key)) }) } catch { throw SourceProblem("\(error)") }
    var path = archives[key] ?? ""
    if fileStatus(path) == nil {  // not fetched yet, or another process has removed it at its end
      path = try fetch()
      archives[key] = path
    }
    try body(path)
    _ = consume lock
  }

  private func lockPath(_ key: String) -> String { "\(folder)/\(String(key.map { $0 == " " || $0 == "/" ? "-" : $0 })).lock" }

  /// The first file of a Python package that can be had.
  func fetchPackage(_ package: String, _ version: String) throws(SourceProblem) -> String {
    let index: PackageIndex
    if let known = self.index ?? store.tools.index.map({ PackageIndex(address: $0) }) { index = known } else { index = try .configured() }
    self.index = index
    let page = download(
      index.page(of: package), "\(folder)/\(package)-\(version).json", limit: 64 << 20, accept: "application/vnd.pypi.simple.v1+json",
      certificates: index.certificates)
    page.discard()
    defer { page.discard() }
    let answer = try page.run { _, _ in }
    let document: [UInt8]
    do { document = try readFile(page.part) } catch { throw SourceProblem("\(error)") }
    var problem = SourceProblem("it has no files")
    for file in try PackageIndex.files(ofVersion: version, in: document, page: answer.url) {
      do { return try fetch(file, certificates: index.certificates) } catch { problem = error }
    }
    throw problem
  }

  private func fetch(_ file: PackageIndex.PackageFile, certificates: String?) throws(SourceProblem) -> String {
    let download = download(file.url, "\(folder)/\(file.filename)", limit: min(file.size ?? 1 << 30, 1 << 30), certificates: certificates)
    let expected = file.hashes["sha256"]
    // an earlier run may have been stopped between the download and the unpacking
    if let expected, let size = file.size, fileStatus(download.part)?.bytes == size, (try? digest(ofFile: download.part))?.sha256 == expected {
      return download.part
    }
    var result = try download.run(progress: report(file.filename))
    if let expected, result.file.digest.sha256 != expected {
      download.discard()
      if result.isResumed { result = try download.run(progress: report(file.filename)) }
      guard result.file.digest.sha256 == expected else {
        let found = result.file.digest.sha256
        download.discard()
        throw SourceProblem("\(file.filename): found SHA-256 \(found), the index tells \(expected)")
      }
    }
    return download.part
  }

  /// Lets apt-get fetch a Debian package into a folder of its own.
  func fetchDebian(_ package: String) throws(SourceProblem) -> String {
    let place = "\(folder)/debian-\(package)"
    do { try createFolder(place) } catch { throw SourceProblem("\(error)") }
    progress(.downloading(name: "Debian package \(package)", received: 0, total: nil))
    let result = runTool([store.tools.aptGet, "download", "-q", package], inFolder: place)
    let found = names(inFolder: place).filter { $0.hasSuffix(".deb") }.map { "\(place)/\($0)" }
    guard result.status == 0, let path = found.last else {
      removeFolder(place)
      let message = result.lines.last { $0.hasPrefix("E:") } ?? result.lines.last ?? "it wrote no file"
      throw SourceProblem("apt-get download: \(message) (`apt-get update` renews the list of packages)")
    }
    return path
  }

  /// Removes the packages that this run fetched.
  func finish() {
    for (key, path) in archives {
      guard let lock = try? FileLock(lockPath(key), waiting: {}) else { continue }
      removePartial(path)
      if path.hasSuffix(".deb") { removeFolder(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path) }
      _ = consume lock
    }
    archives = [:]
  }
}
