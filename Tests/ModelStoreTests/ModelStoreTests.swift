import Files
import Glibc
import ModelStore
import Testing

/// What is installed, and whether it is still what it was.
@Suite struct ModelStoreTests {
  let server = TestServer.shared
  let temporary = TemporaryStore()
  var store: ModelStore { temporary.store }

  /// A model of two files from nowhere.
  var entry: ModelEntry {
    .made("demo", ["payload.bin", "small.cfg"].map { server.file($0, from: [.url("http://127.0.0.1:1/nobody", isCompressed: false)]) })
  }

  /// Puts `content` of the server's folder into the model's folder as `name`.
  func put(_ content: String, as name: String? = nil) throws {
    try createFolder("\(store.folder)/demo")
    try writeFile("\(store.folder)/demo/\(name ?? content)", readFile("\(server.folder)/\(content)"))
  }

  func expect(_ expected: ModelStoreError, _ body: () throws -> Void) { #expect(throws: expected) { try body() } }

  @Test func missingModel() throws {
    let missing = ModelStoreError.missing(model: "demo", path: "\(store.folder)/demo/payload.bin")
    expect(missing) { _ = try store.locate(entry) }
    expect(missing) { try store.verify(entry) }
    #expect(missing.description.contains("run `percept models pull demo`"))
    try put("payload.bin")
    #expect(!store.isInstalled(entry))
    #expect(store.hasFiles(entry))
    expect(.missing(model: "demo", path: "\(store.folder)/demo/small.cfg")) { _ = try store.locate(entry) }
  }

  @Test func filesPutThereByHandServe() throws {
    try put("payload.bin")
    try put("small.cfg")
    #expect(store.isInstalled(entry))
    #expect(
      try store.locate(entry) == ["payload.bin": "\(store.folder)/demo/payload.bin", "small.cfg": "\(store.folder)/demo/small.cfg"])
  }

  @Test func wrongSizeAndWrongContent() throws {
    try put("small.cfg")
    try put("small.cfg", as: "payload.bin")
    let path = "\(store.folder)/demo/payload.bin"
    expect(.damaged(model: "demo", path: path, found: "1000 bytes", expected: "200000")) { _ = try store.locate(entry) }
    try put("other.bin", as: "payload.bin")
    let wrong = ModelStoreError.damaged(
      model: "demo", path: path, found: "SHA-256 \(server.digest("other.bin").sha256)", expected: server.digest("payload.bin").sha256)
    expect(wrong) { _ = try store.locate(entry) }
    expect(wrong) { _ = try store.locate(entry) }  // the wrong content is not remembered as right
    expect(wrong) { try store.verify(entry) }
    #expect(wrong.description.contains("run `percept models pull demo`"))
  }

  @Test func changeAfterTheInstallationIsSeen() throws {
    try put("payload.bin")
    try put("small.cfg")
    _ = try store.locate(entry)
    try put("other.bin", as: "payload.bin")  // same size, another time of change
    #expect(throws: ModelStoreError.self) { try store.locate(entry) }
  }

  @Test func verifyReadsTheContentAndLocateTrustsTheStamp() throws {
    try put("payload.bin")
    try put("small.cfg")
    _ = try store.locate(entry)
    let path = "\(store.folder)/demo/payload.bin"
    var status = stat()
    #expect(stat(path, &status) == 0)
    // another content of the same size and time of change: what a failing disk would do
    let descriptor = open(path, O_WRONLY)
    #expect(pwrite(descriptor, [1, 2, 3] as [UInt8], 3, 1000) == 3)
    #expect(futimens(descriptor, [status.st_atim, status.st_mtim]) == 0)
    close(descriptor)
    _ = try store.locate(entry)
    #expect(throws: ModelStoreError.self) { try store.verify(entry) }
  }

  @Test func directoryInPlaceOfAFile() throws {
    try createFolder("\(store.folder)/demo/payload.bin")
    #expect(throws: ModelStoreError.self) { try store.locate(entry) }
  }

  @Test(arguments: ["", "nonsense\n", "a b c d\n", "0 0 0 payload.bin\n"]) func damagedStampsDoNoHarm(text: String) throws {
    try put("payload.bin")
    try put("small.cfg")
    try writeFile("\(store.folder)/demo/.verified", text)
    #expect(try store.locate(entry).count == 2)
  }

  @Test func pullReplacesADamagedFile() throws {
    let entry = ModelEntry.made("demo", [server.file("payload.bin", from: [.url(server.url("plain/payload.bin"))])])
    try put("other.bin", as: "payload.bin")
    try store.pull(entry)
    try store.verify(entry)
  }

  @Test func folderFromTheArgumentComesFirst() {
    #expect(ModelStore(folder: "/somewhere").folder == "/somewhere")
    #expect(ModelStore().folder.hasSuffix("/percept/models") || getenv("PERCEPT_MODELS") != nil)
  }
}
