import Foundation

/// How a program ended and what it wrote.
public struct ProgramResult: Sendable {
  /// The exit code, or 128 and the number of the signal that ended it.
  public let status: Int32
  public let output, errors: String
}

/// Runs a program to its end.
///
/// Not by Foundation's `Process`: its `waitUntilExit` may wait for ever when several tests use it at once.
///
/// - Parameters:
///   - folder: the working folder, this process's own if nil.
///   - input: what it reads from standard input.
///   - environment: variables in addition to this process's own.
public func run(
  _ program: String, _ arguments: [String], in folder: String? = nil, input: Data = Data(), environment: [String: String] = [:]
) throws -> ProgramResult {
  let scratch = FileManager.default.temporaryDirectory.appending(path: "percept-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: scratch) }
  // Files instead of pipes: nothing can fill up and block.
  let inputFile = scratch.appending(path: "input"), output = scratch.appending(path: "output"), errors = scratch.appending(path: "errors")
  try input.write(to: inputFile)

  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, inputFile.path, O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.path, O_WRONLY | O_CREAT, 0o600)
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.path, O_WRONLY | O_CREAT, 0o600)

  let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
  let command = folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0, program] } ?? [program]
  let words = (command + arguments).map { strdup($0) }, settings = variables.map { strdup($0) }
  defer { for text in words + settings { free(text) } }
  var process: pid_t = 0
  let failure = posix_spawn(&process, command[0], &actions, nil, words + [nil], settings + [nil])
  guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL) }
  var status: Int32 = 0
  while waitpid(process, &status, 0) < 0 && errno == EINTR {}
  let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  func text(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }
  return ProgramResult(status: code, output: try text(output), errors: try text(errors))
}
