import Glibc

/// What standard input holds by now, `count` bytes at most: for streams that have no end. Waits until there is something.
///
/// - Parameter isStopped: asked some times a second while nothing comes.
/// - Returns: no bytes at the end of the stream; nil when `isStopped` said so.
/// - Throws: ``FileError`` when it cannot be read.
public func readStandardInput(upTo count: Int, unless isStopped: () -> Bool) throws(FileError) -> [UInt8]? {
  while true {
    if isStopped() { return nil }
    // A signal ends `poll` even where it would restart `read`; the timeout is for one that came just before.
    var wait = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let ready = unsafe poll(&wait, 1, 200)
    if ready == 0 || ready < 0 && errno == EINTR { continue }
    var code: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      let result = unsafe read(STDIN_FILENO, buffer.baseAddress, count)
      if result < 0 { code = errno }
      initialized = max(result, 0)
    }
    if code == EINTR || code == EAGAIN { continue }
    guard code == 0 else { throw FileError(path: "standard input", errno: code) }
    return bytes
  }
}
