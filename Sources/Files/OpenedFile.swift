import Glibc

/// A regular file that is open for reading, for libraries that read from a descriptor. It closes itself.
public struct OpenedFile: ~Copyable {
  public let path: String
  public let descriptor: Int32
  public let byteCount: Int

  /// - Throws: ``FileError`` when there is no such file, it is not a regular file, or may not be read.
  public init(_ path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, errno: errno) }
    var status = stat()
    let isKnown = unsafe fstat(descriptor, &status) == 0
    guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
      let reason: FileError.Reason = status.st_mode & S_IFMT == S_IFDIR ? .directory : .notRegular
      let error = isKnown ? FileError(path: path, reason: reason) : FileError(path: path, errno: errno)
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Up to `count` bytes from the file's start; where the library is in the file does not change.
  public func firstBytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = unsafe max(pread(descriptor, buffer.baseAddress, count, 0), 0)
    }
  }
}
