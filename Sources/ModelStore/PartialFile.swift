import Files
import Glibc

/// A file that is written in pieces, with its checksum kept on the way, and that becomes the real one by renaming when it is whole.
final class PartialFile {
  let path: String
  private let descriptor: Int32
  private let limit: Int
  private var checksum = Checksum()
  /// What stopped the writing.
  private(set) var problem: String?

  /// Opens `path` to write at most `limit` bytes. What is in it already is kept, and part of the checksum, when `isResumed`.
  init(_ path: String, limit: Int, isResumed: Bool = false) throws(FileError) {
    self.path = path
    self.limit = limit
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (isResumed ? 0 : O_TRUNC), 0o666)
    guard descriptor >= 0 else { throw FileError(path: path, reason: .system(code: errno)) }
    guard isResumed, (fileStatus(path)?.bytes ?? 0) > 0 else { return }
    let file = try MappedFile(path)
    unsafe checksum.add(file.unsafeBytes)
    lseek(descriptor, 0, SEEK_END)
  }

  deinit { close(descriptor) }

  /// How many bytes there are.
  var count: Int { checksum.bytes }

  var digest: FileDigest { checksum.digest }

  /// Forgets what came so far.
  func restart() {
    ftruncate(descriptor, 0)
    lseek(descriptor, 0, SEEK_SET)
    checksum = Checksum()
  }

  /// Adds bytes at the end. Returns whether that went well; if not, ``problem`` says why.
  func append(_ buffer: UnsafeRawBufferPointer) -> Bool {
    guard buffer.count <= limit - count else {
      problem = "it is larger than the \(limit) bytes that are expected"
      return false
    }
    var written = 0
    while written < buffer.count {
      let count = unsafe write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        problem = unsafe "could not write \(path): \(String(cString: strerror(errno)))"
        return false
      }
      written += count
    }
    unsafe checksum.add(buffer)
    return true
  }

  /// Renames the file to `destination`, after its content has reached the disk: whoever opens `destination` finds the old file or the whole new one.
  func install(as destination: String) throws(FileError) {
    guard fsync(descriptor) == 0, unsafe rename(path, destination) == 0 else {
      throw FileError(path: destination, reason: .system(code: errno))
    }
    let folder = destination.lastIndex(of: "/").map { String(destination[..<$0]) } ?? "."
    let folderDescriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }
}
