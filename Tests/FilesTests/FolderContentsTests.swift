import Files
import Testing

@Suite struct FolderContentsTests {
  @Test func namesInOrder() throws {
    try withTemporaryFolder { folder in
      #expect(try folderContents(folder) == [])
      for name in ["b.txt", "a.txt", ".hidden", "ü"] { try writeFile("\(folder)/\(name)", "") }
      #expect(try folderContents(folder) == [".hidden", "a.txt", "b.txt", "ü"])
    }
  }

  @Test func whatIsNoFolderIsAnError() throws {
    try withTemporaryFolder { folder in
      try writeFile("\(folder)/file", "")
      for path in ["\(folder)/none", "\(folder)/file"] {
        let error = #expect(throws: FileError.self) { try folderContents(path) }
        #expect(error?.path == path)
      }
    }
  }
}
