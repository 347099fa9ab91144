import CArchive
import Files

/// An archive from which one file is taken at a time. Names in it are only compared, never written to.
struct Archive {
  enum Kind {
    /// tar or zip, packed in whatever way: a Python package.
    case members
    /// One compressed file, without a name.
    case compressedFile
    /// A Debian package (deb(5)): an `ar` archive that holds data.tar.
    case debian
  }
  /// How a member is recognised.
  enum Match {
    /// The path as it is, or below the one folder that a source archive holds (`name-version/`).
    case path(String)
    /// The last part of the path.
    case name(String)
    case any
  }

  var path: String
  var kind: Kind
  var memberLimit = Int.max
  /// The most bytes that may come out of the archive when it is read from its start.
  var byteLimit = Int.max

  /// Writes the matching member to `part`, which may become `limit` bytes long.
  func extract(_ match: Match, to part: String, limit: Int) throws(SourceProblem) -> PartialFile {
    let file: PartialFile
    do { file = try PartialFile(part, limit: limit) } catch { throw SourceProblem("\(error)") }
    let extraction = Extraction(match: match, file: file)
    let code: Int32 =
      switch kind {
      case .members: Int32(PERCEPT_ARCHIVE_MEMBERS.rawValue)
      case .compressedFile: Int32(PERCEPT_ARCHIVE_COMPRESSED.rawValue)
      case .debian: Int32(PERCEPT_ARCHIVE_DEBIAN.rawValue)
      }
    var message = [CChar](repeating: 0, count: 512)
    let result = unsafe percept_archive_extract(
      path, code, Int64(memberLimit), Int64(byteLimit),
      { context, name in
        let extraction = unsafe Unmanaged<Extraction>.fromOpaque(context!).takeUnretainedValue()
        return unsafe extraction.wants(String(cString: name!)) ? 1 : 0
      },
      { context, bytes, count in
        let extraction = unsafe Unmanaged<Extraction>.fromOpaque(context!).takeUnretainedValue()
        return unsafe extraction.file.append(UnsafeRawBufferPointer(start: bytes, count: count)) ? 0 : 1
      },
      Unmanaged.passUnretained(extraction).toOpaque(), &message, message.count)
    switch percept_archive_result(UInt32(result)) {
    case PERCEPT_ARCHIVE_DONE: return file
    case PERCEPT_ARCHIVE_NO_LIBRARY: throw SourceProblem("libarchive is not installed (\(text(message))); run `apt-get install libarchive13`")
    case PERCEPT_ARCHIVE_NO_MEMBER: throw SourceProblem("\(lastPart(path)) does not hold \(match.description)")
    case PERCEPT_ARCHIVE_TOO_LARGE: throw SourceProblem("\(lastPart(path)) holds more than the \(memberLimit) members or \(byteLimit) bytes allowed")
    case PERCEPT_ARCHIVE_STOPPED: throw SourceProblem("\(match.description) in \(lastPart(path)): \(file.problem ?? "could not be written")")
    default: throw SourceProblem("\(lastPart(path)) could not be unpacked: \(text(message))")
    }
  }

  private final class Extraction {
    let match: Match
    let file: PartialFile
    init(match: Match, file: PartialFile) {
      self.match = match
      self.file = file
    }
    func wants(_ name: String) -> Bool { match.matches(name) }
  }
}

extension Archive.Match {
  func matches(_ found: String) -> Bool {
    let found = found.hasPrefix("./") ? found.dropFirst(2) : Substring(found)
    switch self {
    case .path(let path): return found == path || found.split(separator: "/", maxSplits: 1).last.map { $0 == path } ?? false
    case .name(let name): return lastPart(String(found)) == name
    case .any: return true
    }
  }

  var description: String {
    switch self {
    case .path(let path): path
    case .name(let name): name
    case .any: "any file"
    }
  }
}

/// A path's last component.
func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
