import Foundation

/// Runs a program to its end, without input.
///
/// Not by Foundation's `Process`: its `waitUntilExit` may wait for ever when several tests use it at once.
func run(
  _ program: String, _ arguments: [String], environment: [String: String] = [:]
) throws -> (status: Int32, output: String, errors: String) {
  let folder = FileManager.default.temporaryDirectory.appending(path: "percept-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let output = folder.appending(path: "output"), errors = folder.appending(path: "errors")

  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.path, O_WRONLY | O_CREAT, 0o600)
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.path, O_WRONLY | O_CREAT, 0o600)

  let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
  let words = ([program] + arguments).map { strdup($0) }, settings = variables.map { strdup($0) }
  defer { for text in words + settings { free(text) } }
  var process: pid_t = 0
  let failure = posix_spawn(&process, program, &actions, nil, words + [nil], settings + [nil])
  guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL) }
  var status: Int32 = 0
  while waitpid(process, &status, 0) < 0 && errno == EINTR {}
  let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  return (code, try String(contentsOf: output, encoding: .utf8), try String(contentsOf: errors, encoding: .utf8))
}
