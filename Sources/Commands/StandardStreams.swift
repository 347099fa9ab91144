import Glibc

/// Writes `text` whole to standard output and flushes it. A reader that has gone away is no error: it has seen enough.
func printOutput(_ text: String) {
  writeWhole(text, to: STDOUT_FILENO)
}

/// Prints a line to standard error.
func printError(_ line: String) { writeWhole(line + "\n", to: STDERR_FILENO) }

private func writeWhole(_ text: String, to descriptor: Int32) {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress!, $0.count) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return }
    rest = rest.dropFirst(count)
  }
}
