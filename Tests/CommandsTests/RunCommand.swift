import Foundation
import TestSupport
import Testing

/// A built command, run as a user runs it.
struct Run {
  let status: Int32
  let output, errors: String

  /// Runs `command` with `arguments` in `folder`, `input` on its standard input and `environment` over this process's own.
  init(_ command: String, _ arguments: [String], in folder: URL, input: Data = Data(), environment: [String: String] = [:]) throws {
    let result = try run(commandsFolder.appendingPathComponent(command).path, arguments, in: folder.path, input: input, environment: environment)
    #expect(result.status < 128 || result.status == 130, "\(command) \(arguments) was ended by signal \(result.status - 128)")
    status = result.status
    output = result.output
    errors = result.errors
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
