import Glibc

/// Writes `text` whole to standard output and flushes it. A reader that has gone away is no error: it has seen enough. When the answer cannot be written for
/// another reason, such as a full disk, the process ends with ``ExitStatus/internalError``.
func printOutput(_ text: String) {
  let code = writeWhole(text, to: STDOUT_FILENO)
  guard code != 0, code != EPIPE else { return }
  printError(unsafe "standard output: \(String(cString: strerror(code)))")
  exit(ExitStatus.internalError.rawValue)
}

/// Prints a line to standard error.
func printError(_ line: String) { writeToStandardError(line + "\n") }

/// Writes `text` as it is to standard error; where that fails there is nobody to tell.
func writeToStandardError(_ text: String) { _ = writeWhole(text, to: STDERR_FILENO) }

/// Returns 0, or the `errno` of the write that failed.
private func writeWhole(_ text: String, to descriptor: Int32) -> Int32 {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress!, $0.count) }
    if count < 0 && errno == EINTR { continue }
    if count < 0 && errno == EAGAIN {  // somebody made the descriptor non-blocking: wait until it takes more
      var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = unsafe poll(&wait, 1, -1)
      continue
    }
    guard count > 0 else { return errno }
    rest = rest.dropFirst(count)
  }
  return 0
}
