import Glibc

/// The most that ``readFile(_:atMost:)`` reads unless told otherwise: 1 GiB.
public let defaultFileLimit = 1 << 30

/// The bytes of the file at `path`, or of standard input when `path` is `-`.
///
/// - Throws: ``FileError`` when there is no such file, it is a directory, may not be read, or holds more than `limit` bytes.
public func readFile(_ path: String, atMost limit: Int = defaultFileLimit) throws(FileError) -> [UInt8] {
  let isStandardInput = path == "-"
  let descriptor = isStandardInput ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC)
  let path = isStandardInput ? "standard input" : path  // for messages
  guard descriptor >= 0 else { throw FileError(path: path, errno: errno) }
  defer { close(descriptor) }

  var status = stat()
  guard unsafe fstat(descriptor, &status) == 0 else { throw FileError(path: path, errno: errno) }
  guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(path: path, reason: .directory) }
  let expected = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 1 << 16
  guard expected <= limit else { throw FileError(path: path, reason: .tooLarge(limit: limit)) }

  var bytes: [UInt8] = []
  var failure: Int32 = 0
  var capacity = expected + 1  // the extra byte finds the end without a second buffer
  while failure == 0 {
    let wanted = capacity - bytes.count
    let before = bytes.count
    bytes.append(addingCapacity: wanted) { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer, initialized in
        while initialized < wanted {
          let count = unsafe read(descriptor, buffer.baseAddress! + initialized, wanted - initialized)
          if count > 0 { initialized += count; continue }
          if count < 0 && errno == EINTR { continue }
          if count < 0 { failure = errno }
          break
        }
      }
    }
    if bytes.count - before < wanted { break }
    guard bytes.count <= limit else { throw FileError(path: path, reason: .tooLarge(limit: limit)) }
    capacity *= 2
  }
  guard failure == 0 else { throw FileError(path: path, errno: failure) }
  guard bytes.count <= limit else { throw FileError(path: path, reason: .tooLarge(limit: limit)) }
  return bytes
}
