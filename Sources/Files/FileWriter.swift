import Glibc

/// A file that is written piece by piece, beside its place, and renamed to it by ``finish()``: until then a reader sees the old file, and without it nothing is
/// left behind. For files too large for memory; ``writeFile(_:_:)-([UInt8])`` does the rest.
public final class FileWriter {
  public let path: String
  private let target, beside: String
  private var descriptor: Int32

  /// - Throws: ``FileError`` when the folder is missing, it or an existing file may not be written, or `path` is no regular file.
  public init(_ path: String) throws(FileError) {
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    if exists {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw FileError(path: path, reason: status.st_mode & S_IFMT == S_IFDIR ? .directory : .notRegular)
      }
      guard unsafe faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 else { throw FileError(path: path, errno: errno) }
    }
    self.path = path
    target = exists ? resolvingLinks(path) : path
    beside = besideName(target)
    descriptor = unsafe open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw errno == ENOENT ? FileError(path: path, reason: .missingFolder) : FileError(path: path, errno: errno) }
    if exists { fchmod(descriptor, status.st_mode & 0o777) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    removeFile(beside)
  }

  /// Adds `bytes` at the end.
  public func write(_ bytes: [UInt8]) throws(FileError) { try writeAll(bytes, to: descriptor, path: path) }

  /// Puts `bytes` in the place of those that were written from `offset` on.
  public func overwrite(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw FileError(path: path, errno: errno) }
    try write(bytes)
    guard lseek(descriptor, 0, SEEK_END) >= 0 else { throw FileError(path: path, errno: errno) }
  }

  /// Gives the file its name. Nothing can be written after it.
  public func finish() throws(FileError) {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    guard unsafe rename(beside, target) == 0 else {
      let error = FileError(path: path, errno: errno)
      removeFile(beside)
      throw error
    }
  }
}
