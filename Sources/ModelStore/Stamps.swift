import Files

/// What was known of a model's files when their checksums were last computed. While size and time of change stay the same, a use of the model costs
/// one `stat` a file instead of a checksum (about 1 ms a megabyte).
struct Stamps: Equatable {
  /// File name → its content and the status it had.
  private var known: [String: (digest: FileDigest, changed: Int)] = [:]

  static func == (a: Stamps, b: Stamps) -> Bool { a.text == b.text }

  /// The stamps kept in the file at `path`; none when it is missing or not readable, since they can be made again.
  init(_ path: String) {
    guard fileStatus(path) != nil, let bytes = try? readFile(path, atMost: 1 << 20) else { return }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 3)
      guard fields.count == 4, let bytes = Int(fields[1]), let changed = Int(fields[2]) else { continue }
      known[String(fields[3])] = (FileDigest(bytes: bytes, sha256: String(fields[0])), changed)
    }
  }

  /// The content of `name` if it has not been touched since.
  func digest(of name: String, status: FileStatus) -> FileDigest? {
    guard let stamp = known[name], stamp.changed == status.changed, stamp.digest.bytes == status.bytes else { return nil }
    return stamp.digest
  }

  mutating func record(_ name: String, _ digest: FileDigest, status: FileStatus) { known[name] = (digest, status.changed) }

  /// A line a file: SHA-256, bytes, time of change in nanoseconds, name.
  var text: String {
    known.sorted { $0.key < $1.key }.map { "\($1.digest.sha256) \($1.digest.bytes) \($1.changed) \($0)\n" }.joined()
  }
}
