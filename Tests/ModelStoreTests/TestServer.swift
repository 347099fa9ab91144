import Crypto
import Files
@preconcurrency import Glibc
import ModelStore

/// The loopback server of Fixtures/server.py, one for all tests; it ends with the test process.
final class TestServer: Sendable {
  static let shared = TestServer()

  let port: String
  /// The folder of its archives.
  let folder: String

  private init() {
    var input: [Int32] = [0, 0]
    var output: [Int32] = [0, 0]
    precondition(pipe(&input) == 0 && pipe(&output) == 0)
    _ = fcntl(input[1], F_SETFD, FD_CLOEXEC)  // the server ends when this end closes
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO)
    let here = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/")!))
    let process = spawn(["python3", "-B", "\(here)/Fixtures/server.py"], &actions)
    precondition(process != nil, "the tests of downloads need python3")
    close(output[1])
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(output[0], &byte, 1) == 1, byte != 10 { line.append(byte) }
    let fields = String(decoding: line, as: UTF8.self).split(separator: " ")
    precondition(fields.count == 2, "the test server did not start")
    port = String(fields[0])
    folder = String(fields[1])
  }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }

  /// The `Range` headers of the requests whose path contains `part`, `-` where there was none.
  func requests(with part: String) -> [String] {
    fetchText("log").split(separator: "\n").filter { $0.contains(part) }.map { String($0.split(separator: " ").last!) }
  }

  /// A page of the server, without the code under test.
  private func fetchText(_ path: String) -> String {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port)!.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    precondition(connected == 0)
    let request = Array("GET /\(path) HTTP/1.0\r\nConnection: close\r\n\r\n".utf8)
    _ = write(socket, request, request.count)
    var answer: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while case let count = read(socket, &block, block.count), count > 0 { answer += block[..<count] }
    return String(String(decoding: answer, as: UTF8.self).split(separator: "\r\n\r\n", maxSplits: 1).last ?? "")
  }

  /// A model's file with the content of `content` in the server's folder.
  func file(_ content: String, as name: String? = nil, from sources: [ModelSource]) -> ModelFile {
    ModelFile(name: name ?? content, digest: digest(content), sources: sources)
  }

  func digest(_ name: String) -> FileDigest {
    let bytes = try! readFile("\(folder)/\(name)")
    return FileDigest(bytes: bytes.count, sha256: SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
  }
}

extension ModelEntry {
  static func made(_ name: String, _ files: [ModelFile]) -> ModelEntry {
    ModelEntry(name: name, task: "test", license: "none", origin: "here", quality: "none", files: files)
  }
}

extension ModelSource {
  static func url(_ url: String) -> ModelSource { .url(url, isCompressed: false) }
}

/// An empty store in a folder of its own, which goes away with this object.
final class TemporaryStore {
  var store: ModelStore

  init() {
    var name = Array("/tmp/percept-store-XXXXXX".utf8CString)
    precondition(mkdtemp(&name) != nil)
    store = ModelStore(folder: String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    store.tools.index = TestServer.shared.url("simple")
    store.tools.aptGet = "\(TestServer.shared.folder)/apt-get"
    store.tools.stallSeconds = 1
  }

  deinit {
    if let process = spawn(["rm", "-rf", store.folder]) { waitpid(process, nil, 0) }
  }

  /// The names of everything in the store but the folder of unfinished files, as `model/file`.
  var contents: [String] {
    list(store.folder).filter { $0 != ".pulling" }.flatMap { model in list("\(store.folder)/\(model)").map { "\(model)/\($0)" } }
  }

  /// What is left in the folder of unfinished files.
  var unfinished: [String] { list("\(store.folder)/.pulling") }

  private func list(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

/// Starts a program; `nil` when there is none of this name.
private func spawn(_ arguments: [String], _ actions: UnsafePointer<posix_spawn_file_actions_t>? = nil) -> pid_t? {
  var words: [UnsafeMutablePointer<CChar>?] = []
  for argument in arguments { words.append(strdup(argument)) }
  defer { for word in words { free(word) } }
  var process: pid_t = 0
  return posix_spawnp(&process, arguments[0], actions, nil, words + [nil], environ) == 0 ? process : nil
}
