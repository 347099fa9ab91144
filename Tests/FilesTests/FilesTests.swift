import Files
import Testing

@Suite struct FilesTests {
  @Test func missingFileSaysSo() {
    #expect(throws: FileError(path: "/nowhere/x", reason: .missing)) { try readFile("/nowhere/x") }
  }
}
