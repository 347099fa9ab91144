import Files
import Glibc
import ModelStore
import Testing

/// Pulling from addresses: what servers do, and what must come of it.
@Suite struct DownloadTests {
  let server = TestServer.shared
  let temporary = TemporaryStore()
  var store: ModelStore { temporary.store }

  /// A model whose one file, payload.bin, comes from these paths of the server, in order.
  func entry(_ paths: String...) -> ModelEntry {
    .made("demo", [server.file("payload.bin", from: paths.map { .url(server.url($0)) })])
  }

  /// Pulls `entry` and expects an error whose message has all of `parts`, and nothing installed.
  func expectFailure(_ entry: ModelEntry, _ parts: String...) {
    let failure = #expect(throws: ModelStoreError.self) { try store.pull(entry) }
    for part in parts { #expect(failure?.description.contains(part) == true, "\(failure?.description ?? "")") }
    #expect(!store.isInstalled(entry))
    #expect(temporary.contents.allSatisfy { $0.hasSuffix("/.verified") })
  }

  @Test(arguments: ["plain", "range", "redirect/range", "redirect/redirect/plain"]) func installs(kind: String) throws {
    let entry = entry("\(kind)/payload.bin")
    var events: [PullProgress] = []
    try store.pull(entry) { events.append($0) }
    let path = try #require(try store.locate(entry)["payload.bin"])
    #expect(try readFile(path) == readFile("\(server.folder)/payload.bin"))
    #expect(temporary.contents == ["demo/.verified", "demo/payload.bin"])
    #expect(temporary.unfinished == [])
    #expect(events.last == .installed(file: "payload.bin", bytes: 200_000))
    #expect(events.contains(.downloading(name: "payload.bin", received: 200_000, total: 200_000)))
  }

  @Test func fileAddress() throws {
    let entry = ModelEntry.made("demo", [server.file("payload.bin", from: [.url("file://\(server.folder)/payload.bin")])])
    try store.pull(entry)
    #expect(store.isInstalled(entry))
  }

  @Test func secondPullAsksNobody() throws {
    let entry = entry("plain/second-pull/payload.bin")
    try store.pull(entry)
    var events: [PullProgress] = []
    try store.pull(entry) { events.append($0) }
    #expect(events == [.present(file: "payload.bin")])
    #expect(server.requests(with: "second-pull").count == 1)
  }

  @Test func goesOnAfterABrokenConnection() throws {
    let entry = entry("cut/70000/broken-connection/payload.bin")
    try store.pull(entry)
    #expect(server.requests(with: "broken-connection") == ["-", "bytes=70000-", "bytes=140000-"])
  }

  @Test func nextRunGoesOn() throws {
    // four attempts of 30,000 bytes are not enough for 200,000
    let entry = entry("cut/30000/next-run/payload.bin")
    expectFailure(entry, "what came is kept")
    #expect(temporary.unfinished == ["demo-payload.bin.part", "demo-payload.bin.part.from"])
    try store.pull(entry)
    #expect(server.requests(with: "next-run") == ["-"] + (1...6).map { "bytes=\($0 * 30000)-" })
    #expect(temporary.unfinished == [])
  }

  @Test(arguments: ["changing", "stale"]) func startsAgainWhenTheFileHasChanged(kind: String) throws {
    let tag = "changed-\(kind)"
    let entry = entry("\(kind)/\(tag)/payload.bin")
    try leavePart(readFile("\(server.folder)/other.bin").prefix(80_000), of: entry, validator: "\"another\"")
    try store.pull(entry)
    #expect(server.requests(with: tag) == ["bytes=80000-"])
    #expect(store.isInstalled(entry))
  }

  @Test func startsAgainWhenTheHalvesDoNotMatch() throws {
    // the tag is right, but the part on the disk is of another file: only the checksum tells
    let entry = entry("range/halves/payload.bin")
    try leavePart(readFile("\(server.folder)/other.bin").prefix(80_000), of: entry, validator: "\"\(server.digest("payload.bin").sha256.prefix(16))\"")
    try store.pull(entry)
    #expect(server.requests(with: "halves") == ["bytes=80000-", "-"])
  }

  @Test func startsAgainWithoutAValidatorOrForAnotherAddress() throws {
    let half = try readFile("\(server.folder)/payload.bin").prefix(80_000)
    let unmarked = entry("range/unmarked/payload.bin")
    try leavePart(half, of: unmarked, validator: "")
    try store.pull(unmarked)
    #expect(server.requests(with: "unmarked") == ["-"])
  }

  @Test func refusesARangeThatWasNotAskedFor() throws {
    let entry = entry("wrongrange/payload.bin")
    try leavePart(readFile("\(server.folder)/payload.bin").prefix(80_000), of: entry, validator: "\"\(server.digest("payload.bin").sha256.prefix(16))\"")
    expectFailure(entry, "the server sent bytes from 80007 when asked for those from 80000")
  }

  @Test func wrongChecksum() throws {
    let digest = server.digest("payload.bin")
    let entry = ModelEntry.made("demo", [ModelFile(name: "payload.bin", digest: digest, sources: [.url(server.url("plain/other.bin"))])])
    expectFailure(entry, "found SHA-256 \(server.digest("other.bin").sha256), expected \(digest.sha256)")
    #expect(temporary.unfinished == [])
  }

  @Test func tooLargeAndTooSmall() {
    let small = server.digest("small.cfg")
    let large = ModelEntry.made("demo", [ModelFile(name: "small.cfg", digest: small, sources: [.url(server.url("plain/payload.bin"))])])
    expectFailure(large, "larger than the 1000 bytes")
    let short = ModelEntry.made(
      "demo", [ModelFile(name: "payload.bin", digest: server.digest("payload.bin"), sources: [.url(server.url("plain/small.cfg"))])])
    expectFailure(short, "found 1000 bytes", "expected 200000")
    let empty = ModelEntry.made(
      "demo", [ModelFile(name: "payload.bin", digest: server.digest("payload.bin"), sources: [.url(server.url("plain/empty.bin"))])])
    expectFailure(empty, "found 0 bytes")
  }

  @Test func stalledServerIsLeft() { expectFailure(entry("stall/payload.bin"), "too slow") }

  @Test(arguments: [403, 404, 500]) func errorStatus(status: Int) { expectFailure(entry("status/\(status)"), "\(status)") }

  @Test func sourcesAreTriedInOrder() throws {
    let entry = entry("status/404/order-a", "plain/order-b/other.bin", "plain/order-c/payload.bin", "plain/order-d/payload.bin")
    var failed: [String] = []
    try store.pull(entry) { if case .failed(_, let source, _) = $0 { failed.append(source) } }
    #expect(failed == [server.url("status/404/order-a"), server.url("plain/order-b/other.bin")])
    #expect(server.requests(with: "order-d") == [])
  }

  @Test func lastErrorListsEverySource() {
    let entry = ModelEntry.made(
      "demo",
      [server.file("payload.bin", from: [.url(server.url("status/404")), .url("http://127.0.0.1:1/nobody"), .url("ftp://127.0.0.1/x"), .url("nonsense")])])
    expectFailure(
      entry, "\(server.url("status/404")): ", "http://127.0.0.1:1/nobody: ", "ftp://127.0.0.1/x: ", "nonsense: ", "percept models pull demo --from FILE")
  }

  @Test func redirectsDoNotLeadToFiles() { expectFailure(entry("tofile"), "/tofile: Protocol \"file\"") }

  @Test func compressedFiles() throws {
    for suffix in ["bz2", "xz", "gz"] {
      let entry = ModelEntry.made(
        "demo-\(suffix)", [server.file("payload.bin", from: [.url(server.url("range/payload.bin.\(suffix)"), isCompressed: true)])])
      try store.pull(entry)
      try store.verify(entry)
    }
    #expect(temporary.unfinished == [])
  }

  @Test func otherContentsThatServe() throws {
    let file = ModelFile(
      name: "payload.bin", digest: server.digest("payload.bin"), also: [server.digest("small.cfg")], sources: [.url(server.url("plain/small.cfg"))])
    let entry = ModelEntry.made("demo", [file])
    try store.pull(entry)
    try store.verify(entry)
    #expect(store.isInstalled(entry))
  }

  @Test func severalAtOnceFetchOnce() async throws {
    let entry = entry("range/at-once/payload.bin")
    let store = store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask {
          try store.pull(entry)
          _ = try store.locate(entry)
        }
      }
      try await group.waitForAll()
    }
    #expect(server.requests(with: "at-once").count == 1)
    #expect(temporary.contents == ["demo/.verified", "demo/payload.bin"])
    #expect(temporary.unfinished == [])
  }

  @Test func folderThatCannotBeMade() {
    let store = ModelStore(folder: "/dev/null/models")
    #expect(throws: ModelStoreError.self) { try store.pull(entry("plain/payload.bin")) }
  }

  /// Leaves the beginning of payload.bin as a run does that was stopped.
  func leavePart(_ bytes: ArraySlice<UInt8>, of entry: ModelEntry, validator: String) throws {
    try createFolder("\(store.folder)/.pulling")
    let part = "\(store.folder)/.pulling/demo-payload.bin.part"
    try writeFile(part, Array(bytes))
    guard case .url(let url, _) = entry.files[0].sources[0] else { return }
    try writeFile("\(part).from", "\(url)\n\(validator)\n")
  }
}
