import Files
import Glibc
import Testing

@Suite struct FileWriterTests {
  @Test func piecesAndCorrections() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file", writer = try FileWriter(path)
      try writer.write(Array("head, ".utf8))
      try writer.write(Array("body".utf8))
      try writer.overwrite(Array("HEAD".utf8), at: 0)
      try writer.write(Array("!".utf8))
      #expect(throws: FileError(path: path, reason: .missing)) { try readFile(path) }
      try writer.finish()
      #expect(try readFile(path) == Array("HEAD, body!".utf8))
    }
  }

  @Test func withoutAnEndNothingHappens() throws {
    try withTemporaryFolder { folder in
      try writeFile("\(folder)/file", "old")
      do {
        let writer = try FileWriter("\(folder)/file")
        try writer.write(Array("new".utf8))
      }
      #expect(try readFile("\(folder)/file") == Array("old".utf8))
      #expect(try names(in: folder) == ["file"])
    }
  }

  @Test func missingFoldersAndFoldersAreErrors() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError(path: "\(folder)/none/a", reason: .missingFolder)) { _ = try FileWriter("\(folder)/none/a") }
      #expect(throws: FileError(path: folder, reason: .directory)) { _ = try FileWriter(folder) }
      #expect(throws: FileError(path: "/dev/null", reason: .notRegular)) { _ = try FileWriter("/dev/null") }
    }
  }
}
