import ModelStore
import Testing

@Suite struct PackageIndexTests {
  @Test func pageNamesAreNormalised() {
    for address in ["https://index.example/simple", "https://index.example/simple/"] {
      #expect(PackageIndex(address: address).page(of: "Demo__Package.-Name") == "https://index.example/simple/demo-package-name/")
    }
  }

  @Test func settingsOfPip() {
    let lines = ["WARNING: something", "global.index-url='https://global.example/simple'", "global.cert=\"/etc/cert.pem\"", ":env:.timeout='5'"].map { Substring($0) }
    #expect(PackageIndex.setting("index-url", in: lines) == "https://global.example/simple")
    #expect(PackageIndex.setting("cert", in: lines) == "/etc/cert.pem")
    #expect(PackageIndex.setting("no-index", in: lines) == nil)
    #expect(PackageIndex.setting("index-url", in: lines + [":env:.index-url='https://env.example'"]) == "https://env.example")
    #expect(PackageIndex.setting("index-url", in: lines + ["install.index-url='https://install.example'"]) == "https://install.example")
  }

  /// Asks pip, not the network.
  @Test func pipTellsAnAddress() throws {
    #expect(try PackageIndex.configured().address.contains("://"))
  }

  func files(_ version: String, _ list: [(String, String)]) throws -> [PackageIndex.PackageFile] {
    let files = list.map { #"{"filename":"\#($0.0)","url":"\#($0.1)","hashes":{"sha256":"00"},"size":5,"requires-python":null,"yanked":false}"# }
    let json = #"{"meta":{"api-version":"1.1"},"name":"demo","versions":["1.0"],"files":[\#(files.joined(separator: ","))]}"#
    return try PackageIndex.files(ofVersion: version, in: Array(json.utf8), page: "https://index.example/simple/demo/")
  }

  @Test func wheelsComeBeforeSourceArchivesAndOtherVersionsNotAtAll() throws {
    let found = try files(
      "1.0",
      [
        ("demo-1.0.tar.gz", "https://files.example/a"), ("demo-1.0.1.tar.gz", "x"), ("demo-1.0-cp311-cp311-linux_x86_64.whl", "x"),
        ("demo-1.0-py3-none-any.whl", "x"), ("demo-11.0.zip", "x"), ("demo-1.0.exe", "x"),
      ])
    #expect(found.map(\.filename) == ["demo-1.0-py3-none-any.whl", "demo-1.0-cp311-cp311-linux_x86_64.whl", "demo-1.0.tar.gz"])
  }

  @Test func addressesAreResolvedOnThePage() throws {
    for (reference, url) in [
      ("https://files.example/a/demo-1.0.zip", "https://files.example/a/demo-1.0.zip"), ("../../packages/demo-1.0.zip", "https://index.example/packages/demo-1.0.zip"),
      ("demo-1.0.zip", "https://index.example/simple/demo/demo-1.0.zip"), ("/demo-1.0.zip", "https://index.example/demo-1.0.zip"),
      ("//other.example/demo-1.0.zip", "https://other.example/demo-1.0.zip"),
    ] { #expect(try files("1.0", [("demo-1.0.zip", reference)]).map(\.url) == [url]) }
  }

  @Test(arguments: ["../demo-1.0.zip", "/etc/demo-1.0.zip", ".demo-1.0.zip"]) func fileNamesThatArePathsAreLeftOut(name: String) {
    #expect(throws: SourceProblem.self) { try files("1.0", [(name, "https://files.example/x")]) }
  }

  @Test(arguments: ["", "<html></html>", "{}", #"{"files":3}"#, #"{"files":[{"filename":"demo-1.0.zip"}]}"#]) func notAnIndex(json: String) {
    #expect(throws: SourceProblem.self) { try PackageIndex.files(ofVersion: "1.0", in: Array(json.utf8), page: "https://index.example/simple/demo/") }
  }
}
