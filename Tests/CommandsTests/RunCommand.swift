import Foundation
import Testing

/// A built command, run as a user runs it.
struct Run {
  let status: Int32
  let output, errors: String

  /// Runs `command` with `arguments` in `folder`, `input` on its standard input and `environment` over this process's own.
  ///
  /// Not by Foundation's `Process`: its `waitUntilExit` may wait for ever when several tests use it at once.
  init(_ command: String, _ arguments: [String], in folder: URL, input: Data? = nil, environment: [String: String] = [:]) throws {
    // Files instead of pipes: nothing can fill up and block.
    let outputFile = folder.appendingPathComponent(".stdout-\(UUID().uuidString)"), errorFile = outputFile.appendingPathExtension("err")
    let inputFile = outputFile.appendingPathExtension("in")
    try (input ?? Data()).write(to: inputFile)
    defer { for file in [outputFile, errorFile, inputFile] { try? FileManager.default.removeItem(at: file) } }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, inputFile.path, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputFile.path, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errorFile.path, O_WRONLY | O_CREAT, 0o600)

    let program = commandsFolder.appendingPathComponent(command).path
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.path]  // into the folder
    let words = (shell + [program] + arguments).map { strdup($0) }, settings = variables.map { strdup($0) }
    defer { for text in words + settings { free(text) } }
    var process: pid_t = 0
    let failure = posix_spawn(&process, shell[0], &actions, nil, words + [nil], settings + [nil])
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL) }
    var ending: Int32 = 0
    while waitpid(process, &ending, 0) < 0 && errno == EINTR {}
    #expect(ending & 0x7f == 0, "\(command) \(arguments) was ended by signal \(ending & 0x7f)")
    status = (ending >> 8) & 0xff
    output = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
  }

  func json() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }
}

/// Where the commands were built: beside the running test bundle.
let commandsFolder: URL = {
  let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  return URL(fileURLWithPath: bundle ?? CommandLine.arguments[0]).deletingLastPathComponent()
}()

/// A new folder that is removed with its contents after `body`.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("percept-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// What a folder holds, hidden files too, in alphabetical order.
func contents(of folder: URL) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The six sample pictures of Debian's `darknet` package, if they are on this machine: `Tools/test` unpacks them.
let samples: URL? = {
  let shared = ProcessInfo.processInfo.environment["PERCEPT_SHARED"].map { URL(fileURLWithPath: $0) } ?? packageRoot.appendingPathComponent("../shared")
  let candidates = [packageRoot.appendingPathComponent(".build-samples/darknet/usr/share/darknet/data"), shared.appendingPathComponent("data/detection")]
  return candidates.first { FileManager.default.fileExists(atPath: $0.appendingPathComponent("dog.jpg").path) }
}()

/// The files of yolov3-tiny, if it is installed.
let tinyModel: (configuration: URL, weights: URL)? = {
  let environment = ProcessInfo.processInfo.environment
  let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
  let folder = URL(fileURLWithPath: environment["PERCEPT_MODELS"] ?? "\(cache)/percept/models").appendingPathComponent("yolov3-tiny")
  let files = (folder.appendingPathComponent("yolov3-tiny.cfg"), folder.appendingPathComponent("yolov3-tiny.weights"))
  return FileManager.default.fileExists(atPath: files.1.path) ? files : nil
}()

let isReady = samples != nil && tinyModel != nil
let needs: Comment = "needs yolov3-tiny installed and the sample pictures: Tools/test fetches both"
