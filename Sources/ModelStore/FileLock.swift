import Files
import Glibc

/// The right to change something, held by one process (and one thread) at a time, and given back when the process ends in whatever way.
struct FileLock: ~Copyable {
  private let path: String
  private let descriptor: Int32

  /// Takes the lock of the file at `path`, which exists while someone holds the lock. `waiting` is called once when that is someone else.
  init(_ path: String, waiting: () -> Void) throws(FileError) {
    self.path = path
    var hasWaited = false
    while true {
      let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileError(path: path, reason: .system(code: errno)) }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        if errno == EWOULDBLOCK && !hasWaited { waiting() }
        hasWaited = true
        while flock(descriptor, LOCK_EX) != 0 {
          let code = errno
          guard code == EINTR else {
            close(descriptor)
            throw FileError(path: path, reason: .system(code: code))
          }
        }
      }
      if Self.isSameFile(path, descriptor) {
        self.descriptor = descriptor
        return
      }
      close(descriptor)  // the holder before has removed the file: this lock is of a name that is gone
    }
  }

  private static func isSameFile(_ path: String, _ descriptor: Int32) -> Bool {
    var named = stat()
    var opened = stat()
    guard unsafe stat(path, &named) == 0, unsafe fstat(descriptor, &opened) == 0 else { return false }
    return named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }

  deinit {
    unsafe unlink(path)
    close(descriptor)
  }
}
