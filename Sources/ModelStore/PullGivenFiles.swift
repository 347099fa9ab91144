import Files

extension PullSession {
  /// Installs the files of `entry` from `given`: the files themselves, packed by themselves, or in archives.
  func install(_ entry: ModelEntry, from given: [String]) throws(ModelStoreError) {
    try withLock(of: entry) { () throws(ModelStoreError) in
      var stamps = Stamps(store.stampsPath(entry))
      defer { store.save(stamps, of: entry) }
      for file in entry.files {
        if isPresent(file, of: entry, &stamps) {
          progress(.present(file: file.name))
          continue
        }
        var failures: [ModelStoreError.SourceFailure] = []
        for path in given {
          do throws(SourceProblem) {
            try install(file, of: entry, fromGiven: path, &stamps)
            failures = []
            break
          } catch { failures.append(.init(source: path, problem: error.message)) }
        }
        guard failures.isEmpty else { throw .notFound(model: entry.name, file: file.digest, name: file.name, given: failures) }
      }
    }
  }

  private func install(_ file: ModelFile, of entry: ModelEntry, fromGiven path: String, _ stamps: inout Stamps) throws(SourceProblem) {
    let found: FileDigest
    do { found = try digest(ofFile: path) } catch { throw SourceProblem("\(error)") }
    if file.accepts(found) { return try installCopy(of: path, file, of: entry, &stamps) }

    let matches: [Archive.Match] = file.sources.compactMap(\.member).map { .path($0) } + [.name(file.name)]
    let tries = [Archive.Kind.members, .debian].flatMap { kind in matches.map { (kind, $0) } } + [(.compressedFile, .any)]
    for (kind, match) in tries {
      do { return try extract(match, from: Archive(path: path, kind: kind), file, of: entry, &stamps) } catch { continue }
    }
    throw SourceProblem("found SHA-256 \(found.sha256) (\(found.bytes) bytes), and no archive that holds the file")
  }

  private func installCopy(of path: String, _ file: ModelFile, of entry: ModelEntry, _ stamps: inout Stamps) throws(SourceProblem) {
    let part = "\(folder)/\(entry.name)-\(file.name).unpacked"
    defer { removePartial(part) }
    let copy: PartialFile
    do {
      copy = try PartialFile(part, limit: file.limit)
      let source = try MappedFile(path)
      guard unsafe copy.append(source.unsafeBytes) else { throw SourceProblem(copy.problem ?? "it could not be copied") }
    } catch let problem as SourceProblem { throw problem } catch { throw SourceProblem("\(error)") }
    try install(copy, file, of: entry, &stamps)
  }
}
