import Foundation
import TestSupport
import Testing

/// What the documents and the scripts say of each other.
@Suite struct DocumentTests {
  static let documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] + Repository.files(below: "docs", suffix: ".md")

  @Test func everyPackageThatIsInstalledIsExplained() throws {
    let lists = try Repository.text("Tools/setup").matches(of: #/_packages="([^"]*)"/#)
    let installed = lists.flatMap { $0.output.1.split(separator: " ").map(String.init) }
    let explained = try Repository.text("docs/dependencies.md").matches(of: #/\n\| `([^`]*)` \| (?:building|running|testing) \| \S/#).map { String($0.output.1) }
    #expect(lists.count == 2 && Set(installed) == Set(explained))
  }

  @Test(arguments: documents) func linksLeadSomewhere(document: String) throws {
    let folder = Repository.root.appending(path: document).deletingLastPathComponent()
    for link in try Repository.text(document).matches(of: #/\]\(([^)#:]+)\)/#) {
      let target = folder.appending(path: String(link.output.1)).path
      #expect(FileManager.default.fileExists(atPath: target), "\(document) links to \(link.output.1)")
    }
  }

  @Test func scriptsAreShellAndMayBeRun() throws {
    let bash = try #require(installed("bash"))
    for script in ["Tools/setup", "Tools/run", "Tools/test", "Tools/bench", ".ci/run"] {
      let path = Repository.root.appending(path: script).path
      #expect(FileManager.default.isExecutableFile(atPath: path), "\(script)")
      #expect(try run(bash, ["-n", path]).status == 0, "\(script)")
    }
  }
}
