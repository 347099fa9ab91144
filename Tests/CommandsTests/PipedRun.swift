import Foundation

/// A built command with pipes: what it writes can be read while it still reads.
final class PipedRun {
  private let process: pid_t
  private let input, output: Int32
  private let errors: String
  private var pending = Data()

  init(_ command: String, _ arguments: [String], in folder: URL) throws {
    var toChild: [Int32] = [0, 0], fromChild: [Int32] = [0, 0]
    guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw POSIXError(.EMFILE) }
    // Else a child that another test starts at this time would hold them open.
    for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    errors = folder.appendingPathComponent(".errors-\(UUID().uuidString)").path
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild[0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT, 0o600)
    let words = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.path, commandsFolder.appendingPathComponent(command).path] + arguments
    let pointers = words.map { strdup($0) }, settings = ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") }
    defer { for text in pointers + settings { free(text) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, "/bin/sh", &actions, nil, pointers + [nil], settings + [nil])
    close(toChild[0])
    close(fromChild[1])
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL) }
    (process, input, output) = (child, toChild[1], fromChild[0])
    signal(SIGPIPE, SIG_IGN)
  }

  /// Returns whether all bytes went in.
  @discardableResult func write(_ bytes: [UInt8]) -> Bool {
    var place = 0
    while place < bytes.count {
      let count = bytes.withUnsafeBytes { Foundation.write(input, $0.baseAddress! + place, bytes.count - place) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      place += count
    }
    return true
  }

  /// The next line, or nil where none comes within `seconds`.
  func line(within seconds: Double) -> String? {
    let end = Date().addingTimeInterval(seconds)
    while true {
      if let index = pending.firstIndex(of: 0x0A) {
        defer { pending = Data(pending[(index + 1)...]) }
        return String(decoding: pending[..<index], as: UTF8.self)
      }
      let left = end.timeIntervalSinceNow
      guard left > 0 else { return nil }
      var wait = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, Int32(left * 1000) + 1) > 0 else { continue }
      var block = [UInt8](repeating: 0, count: 65_536)
      let count = read(output, &block, block.count)
      guard count > 0 else { return nil }
      pending += block[..<count]
    }
  }

  func interrupt() { kill(process, SIGINT) }

  /// The most memory that it has had so far, in megabytes. What the system tells of ended processes counts in the memory of whoever started them.
  var megabytes: Int? {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
    return status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 / 1024 }
  }

  /// Ends its input and waits for it.
  ///
  /// - Returns: its exit code, and what else it wrote.
  func finish() throws -> (status: Int32, output: String, errors: String) {
    close(input)
    var rest = pending, block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(output, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      rest += block[..<count]
    }
    close(output)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    defer { unlink(errors) }
    let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    return (code, String(decoding: rest, as: UTF8.self), (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")
  }
}
