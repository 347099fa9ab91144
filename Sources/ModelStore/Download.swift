import CCurl
import Files

/// One file fetched from an address into a partial file, which a later run can resume.
struct Download {
  var url: String
  /// The partial file; beside it, in `<part>.from`, stands what is needed to resume it.
  var part: String
  /// The most bytes to accept.
  var limit: Int
  var accept: String?
  /// A file of trusted certificates, or `nil` for the system's.
  var certificates: String?
  var connectSeconds: Int32 = 10
  var stallSeconds: Int32 = 30
  /// How often to go on after the connection broke on the way.
  var attempts = 4

  /// What came: the partial file is whole, but nobody has compared its content with what was expected.
  struct Result {
    var file: PartialFile
    /// The address after redirects.
    var url: String
    /// Whether a part of the file came with an earlier run.
    var isResumed: Bool
  }

  /// Fetches the file, going on where an earlier run stopped if the server can and the file there is still the same.
  /// `progress` is called with the bytes that are there and the size of the whole, if known.
  func run(progress: (Int, Int?) -> Void) throws(SourceProblem) -> Result {
    var wasResumed = false
    var problem = ""
    var gained = true
    var attempt = 0
    while attempt < attempts && gained {
      attempt += 1
      let resume = resumption()
      wasResumed = resume.offset > 0
      let file: PartialFile
      do { file = try PartialFile(part, limit: limit, isResumed: wasResumed) } catch { throw SourceProblem("\(error)") }
      let (outcome, receiver, message) = transfer(into: file, resume, progress)
      if let problem = receiver.problem ?? file.problem { throw SourceProblem(problem) }
      switch outcome {
      case PERCEPT_DOWNLOAD_DONE: return Result(file: file, url: receiver.url, isResumed: wasResumed && receiver.startedAt > 0)
      case PERCEPT_DOWNLOAD_NO_RANGE where wasResumed: discard()  // the file there has become shorter
      case PERCEPT_DOWNLOAD_CUT: gained = file.count > resume.offset
      case PERCEPT_DOWNLOAD_NO_LIBRARY: throw SourceProblem("libcurl is not installed (\(message)); run `apt-get install libcurl4`")
      default:
        if file.count == 0 { discard() }
        throw SourceProblem(withoutPassword(message))
      }
      problem = message
    }
    if fileStatus(part)?.bytes == 0 { discard() }
    throw SourceProblem("\(withoutPassword(problem)); what came is kept, the next run goes on from there")
  }

  /// Removes the partial file.
  func discard() { removePartial(part) }

  /// Where to go on, from what an earlier run left: only if it had the same address, and a tag or date that tells whether the file changed.
  private func resumption() -> (offset: Int, validator: String) {
    guard let size = fileStatus(part)?.bytes, size > 0, size < limit, let note = try? readFile("\(part).from", atMost: 1 << 16) else { return (0, "") }
    let lines = String(decoding: note, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 2, lines[0] == url, !lines[1].isEmpty else { return (0, "") }
    return (size, String(lines[1]))
  }

  /// One request. The C library calls back into `Receiver`.
  private func transfer(
    into file: PartialFile, _ resume: (offset: Int, validator: String), _ progress: (Int, Int?) -> Void
  ) -> (percept_download_result, Receiver, String) {
    withoutActuallyEscaping(progress) { progress in
      let receiver = Receiver(file: file, offset: resume.offset, note: "\(part).from", requested: url, progress: progress)
      var message = [CChar](repeating: 0, count: 512)
      let code = unsafe percept_download(
        url, accept, certificates, Int64(resume.offset), resume.validator, connectSeconds, stallSeconds,
        { context, start, total, validator, url in
          let receiver = unsafe Unmanaged<Receiver>.fromOpaque(context!).takeUnretainedValue()
          return unsafe receiver.begin(start: Int(start), total: Int(total), validator: String(cString: validator!), url: String(cString: url!))
        },
        { context, bytes, count in
          let receiver = unsafe Unmanaged<Receiver>.fromOpaque(context!).takeUnretainedValue()
          return unsafe receiver.receive(UnsafeRawBufferPointer(start: bytes, count: count))
        },
        Unmanaged.passUnretained(receiver).toOpaque(), &message, message.count)
      receiver.progress = nil
      return (percept_download_result(UInt32(code)), receiver, text(message))
    }
  }

  /// What happens to the bytes as they come.
  private final class Receiver {
    private let file: PartialFile
    private let offset: Int
    private let note: String
    private let requested: String
    var progress: ((Int, Int?) -> Void)?
    private var total: Int?
    private(set) var url = ""
    private(set) var startedAt = 0
    private(set) var problem: String?

    init(file: PartialFile, offset: Int, note: String, requested: String, progress: @escaping (Int, Int?) -> Void) {
      self.file = file
      self.offset = offset
      self.note = note
      self.requested = requested
      self.progress = progress
    }

    func begin(start: Int, total: Int, validator: String, url: String) -> Int32 {
      self.url = url
      self.total = total >= 0 ? total : nil
      startedAt = start
      if start == 0 {
        file.restart()  // a server without ranges, or a file that has changed
      } else if start != offset {
        problem = "the server sent bytes from \(start) when asked for those from \(offset)"
        return 1
      }
      try? writeFile(note, "\(requested)\n\(validator)\n")  // without it the next run starts again
      progress?(file.count, self.total)
      return 0
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Int32 {
      guard unsafe file.append(bytes) else { return 1 }
      progress?(file.count, total)
      return 0
    }
  }
}

/// The address that `reference` means on the page `base`.
func resolve(_ reference: String, on base: String) -> String? {
  var result = [CChar](repeating: 0, count: 4096)
  return unsafe percept_resolve_url(base, reference, &result, result.count) == 0 ? text(result) : nil
}

/// The text up to the terminating zero.
func text(_ characters: [CChar]) -> String {
  String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// `text` with the user name and password of its addresses left out: an index may be configured with them.
func withoutPassword(_ text: String) -> String {
  text.split(separator: " ", omittingEmptySubsequences: false).map { word in
    guard let at = word.lastIndex(of: "@"), let slashes = word.firstRange(of: "://"), slashes.upperBound <= at else { return String(word) }
    return String(word[..<slashes.upperBound] + word[word.index(after: at)...])
  }.joined(separator: " ")
}
