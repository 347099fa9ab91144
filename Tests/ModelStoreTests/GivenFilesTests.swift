import Files
import ModelStore
import Testing

/// `percept models pull NAME --from FILE`.
@Suite struct GivenFilesTests {
  let server = TestServer.shared
  let temporary = TemporaryStore()
  var entry: ModelEntry {
    .made("demo", [server.file("payload.bin", from: [.python(package: "demo-models", version: "1.0", member: "demo_models/payload.bin")])])
  }

  @Test(arguments: ["payload.bin", "payload.bin.bz2", "demo_models-1.0-py3-none-any.whl", "source.demo-2.0.tar.gz", "demo_1.0_all.deb"])
  func fileOrArchive(name: String) throws {
    try temporary.store.install(entry, from: ["\(server.folder)/\(name)"])
    try temporary.store.verify(entry)
    #expect(temporary.unfinished == [])
  }

  @Test(arguments: ["other.bin", "lacking-1.0.tar.gz", "text-1.0.tar.gz", "empty.bin", "nothing-of-this-name"])
  func fileThatDoesNotServe(name: String) {
    let path = "\(server.folder)/\(name)"
    let failure = #expect(throws: ModelStoreError.self) { try temporary.store.install(entry, from: [path]) }
    #expect(failure?.description.contains(path) == true)
    #expect(failure?.description.contains(server.digest("payload.bin").sha256) == true)
    #expect(!temporary.store.isInstalled(entry))
    #expect(temporary.unfinished == [])
  }

  @Test func severalFiles() throws {
    let two = ModelEntry.made("demo", ["payload.bin", "small.cfg"].map { server.file($0, from: [.url("https://example.org/\($0)", isCompressed: false)]) })
    #expect(throws: ModelStoreError.self) { try temporary.store.install(two, from: ["\(server.folder)/payload.bin"]) }
    #expect(!temporary.store.isInstalled(two))
    try temporary.store.install(two, from: ["\(server.folder)/other.bin", "\(server.folder)/small.cfg"])
    try temporary.store.verify(two)
  }
}
