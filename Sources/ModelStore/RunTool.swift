// `environ` is a plain global variable of C, which Swift 6 only lets through with this; nothing here changes it.
@unsafe @preconcurrency import Glibc

/// What a program wrote and how it ended.
struct ToolResult {
  /// Standard output and standard error, as they came.
  var output: String
  /// The exit status; 127 when there is no such program.
  var status: Int32

  var lines: [Substring] { output.split(separator: "\n") }
}

/// Runs a program of the system and waits for it. At most a mebibyte of its output is kept.
func runTool(_ arguments: [String], inFolder folder: String? = nil) -> ToolResult {
  var ends: [Int32] = [0, 0]
  guard unsafe pipe(&ends) == 0 else { return ToolResult(output: "no pipe", status: 127) }
  defer { close(ends[0]) }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }

  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
  unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
  unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)

  let arguments = folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + arguments } ?? arguments
  let words = unsafe arguments.map { unsafe strdup($0) }
  defer { for unsafe word in unsafe words { unsafe free(word) } }
  var process: pid_t = 0
  let failure = unsafe posix_spawnp(&process, arguments[0], &actions, nil, words + [nil], environ)
  close(ends[1])
  guard failure == 0 else { return ToolResult(output: "there is no program \(arguments[0])", status: 127) }

  var output: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 12)
  while true {
    let count = unsafe read(ends[0], &block, block.count)
    if count < 0 && errno == EINTR { continue }
    if count <= 0 { break }
    if output.count < 1 << 20 { output += block[..<count] }
  }
  var status: Int32 = 0
  while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
  return ToolResult(output: String(decoding: output, as: UTF8.self), status: status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f))
}
