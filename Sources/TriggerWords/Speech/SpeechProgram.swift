import Files
// `environ` is a plain global variable of C, which Swift 6 only lets through with this; nothing here changes it.
@unsafe @preconcurrency import Glibc

/// One run of a program of the system: no shell reads its arguments.
struct ProgramCall {
  /// The program's name, and what it is given.
  var arguments: [String]
  /// The file on its standard input; nothing if nil.
  var inputFile: String?
  var secondsAllowed = 60
}

/// What a program wrote, standard output and standard error as they came, and how it ended.
struct ProgramOutcome {
  var output: [UInt8] = []
  /// The exit status, or 128 and the number of the signal that ended it.
  var status: Int32 = 0

  var text: String { String(decoding: output, as: UTF8.self) }
}

/// The path of a program that `$PATH` leads to.
func programPath(_ name: String) -> String? {
  for folder in (environment("PATH") ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
    let path = "\(folder)/\(name)"
    if unsafe access(path, X_OK) == 0, !isFolder(path) { return path }
  }
  return nil
}

/// Runs a program to its end.
func runProgram(_ call: ProgramCall) throws(SpeechError) -> ProgramOutcome {
  var result = ProgramOutcome()
  try runPrograms([call], atOnce: 1) { _, outcome throws(SpeechError) in result = outcome }
  return result
}

/// Runs programs, several at a time, and tells of each as it ends, on the caller's thread. After an error the others are ended.
///
/// - Parameters:
///   - count: how many may run at a time.
///   - finished: takes the index of the call, and what became of it.
func runPrograms(_ calls: [ProgramCall], atOnce count: Int, finished: (Int, ProgramOutcome) throws(SpeechError) -> Void) throws(SpeechError) {
  var running: [RunningProgram] = [], next = 0
  defer { for program in running { program.end() } }
  while next < calls.count || !running.isEmpty {
    while next < calls.count, running.count < max(count, 1) {
      running.append(try RunningProgram(calls[next], index: next))
      next += 1
    }
    var waiting = running.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    _ = unsafe poll(&waiting, nfds_t(waiting.count), 1000)
    for place in running.indices.reversed() {
      if waiting[place].revents != 0, running[place].readsToEnd() {
        let program = running.remove(at: place)
        try finished(program.index, program.outcome())
      } else if running[place].isLate {
        let late = running.remove(at: place)
        late.end()
        throw SpeechError.timedOut(name: calls[late.index].arguments[0], seconds: calls[late.index].secondsAllowed)
      }
    }
  }
}

/// A program that has been started, and where its output arrives.
private struct RunningProgram {
  let index: Int
  let process: pid_t
  let descriptor: Int32
  private let deadline: Int
  private var output: [UInt8] = []

  /// The most of a program's output that is kept.
  private static let mostOutput = 1 << 26

  init(_ call: ProgramCall, index: Int) throws(SpeechError) {
    var ends: [Int32] = [0, 0]
    // Not a pipe: it could not be closed on exec from its first moment on, and a program that another thread starts would keep it open.
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw SpeechError.program(name: call.arguments[0], problem: "no connection to it: too many open files")
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, call.inputFile ?? "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
    let words = unsafe call.arguments.map { unsafe strdup($0) }
    defer { for unsafe word in unsafe words { unsafe free(word) } }
    var process: pid_t = 0
    let failure = unsafe posix_spawnp(&process, call.arguments[0], &actions, nil, words + [nil], environ)
    close(ends[1])
    guard failure == 0 else {
      close(ends[0])
      throw SpeechError.program(name: call.arguments[0], problem: unsafe "it could not be started (\(String(cString: strerror(failure))))")
    }
    self.index = index
    self.process = process
    descriptor = ends[0]
    deadline = seconds() + call.secondsAllowed
  }

  var isLate: Bool { seconds() > deadline }

  /// Takes what there is; whether that was the end.
  mutating func readsToEnd() -> Bool {
    var block = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe read(descriptor, &block, block.count)
    if count < 0 && errno == EINTR { return false }
    if count > 0, output.count < Self.mostOutput { output += block[..<count] }
    return count <= 0
  }

  func outcome() -> ProgramOutcome {
    close(descriptor)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return ProgramOutcome(output: output, status: status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f))
  }

  func end() {
    kill(process, SIGKILL)
    _ = outcome()
  }
}

private func seconds() -> Int {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec
}
