import Glibc

/// A file mapped into memory, read-only: its pages are read when they are touched, and shared between processes.
///
/// For files that are replaced by renaming, as this project does; a file that shrinks while it is mapped ends the process.
@safe public final class MappedFile: Sendable {
  public let path: String
  public let count: Int
  private nonisolated(unsafe) let address: UnsafeMutableRawPointer?

  /// - Throws: ``FileError`` when there is no such file, it is not a regular file, or may not be read.
  public init(_ path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw FileError(path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(path: path, reason: status.st_mode & S_IFMT == S_IFDIR ? .directory : .notRegular)
    }
    self.path = path
    count = Int(status.st_size)
    guard count > 0 else {  // an empty file cannot be mapped
      unsafe address = nil
      return
    }
    let mapping = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard unsafe mapping != MAP_FAILED else { throw FileError(path: path, errno: errno) }
    unsafe address = mapping
  }

  deinit { if let address = unsafe address { unsafe munmap(address, count) } }

  /// All bytes of the file. Valid as long as this object lives.
  @unsafe public var unsafeBytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: address, count: count) }

  /// All bytes of the file.
  public var bytes: RawSpan {
    @_lifetime(borrow self) get { unsafe _overrideLifetime(RawSpan(_unsafeBytes: unsafeBytes), borrowing: self) }
  }
}
