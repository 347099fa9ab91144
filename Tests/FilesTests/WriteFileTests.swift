import Files
import Glibc
import Testing

@Suite struct WriteFileTests {
  @Test func replacesTheWholeFileAndLeavesNothingElse() throws {
    try withTemporaryFolder { folder in
      try writeFile("\(folder)/a", String(repeating: "long ", count: 1000))
      try writeFile("\(folder)/a", "short")
      #expect(try readFile("\(folder)/a") == Array("short".utf8))
      #expect(try names(in: folder) == ["a"])
    }
  }

  @Test func aReaderKeepsTheOldFile() throws {
    try withTemporaryFolder { folder in
      try writeFile("\(folder)/a", "old")
      let mapped = try MappedFile("\(folder)/a")
      try writeFile("\(folder)/a", "the new content")
      #expect(unsafe Array(mapped.unsafeBytes) == Array("old".utf8))
    }
  }

  @Test func missingFoldersAndFoldersAreErrors() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError(path: "\(folder)/none/a", reason: .missingFolder)) { try writeFile("\(folder)/none/a", "text") }
      #expect(throws: FileError(path: folder, reason: .directory)) { try writeFile(folder, "text") }
      let left = try names(in: folder)
      #expect(left.isEmpty)
    }
  }

  @Test func permissionIsNeeded() throws {
    try withTemporaryFolder { folder in
      try writeFile("\(folder)/a", "mine")
      unsafe chmod("\(folder)/a", 0o444)
      unsafe chmod(folder, 0o777)
      asOrdinaryUser {
        #expect(throws: FileError(path: "\(folder)/a", reason: .permission)) { try writeFile("\(folder)/a", "yours") }
      }
      unsafe chmod(folder, 0o555)
      asOrdinaryUser {
        #expect(throws: FileError(path: "\(folder)/b", reason: .permission)) { try writeFile("\(folder)/b", "text") }
        #expect(throws: FileError(path: "\(folder)/c", reason: .permission)) { try createFolder("\(folder)/c") }
      }
      unsafe chmod(folder, 0o700)
      #expect(try readFile("\(folder)/a") == Array("mine".utf8))
      #expect(try names(in: folder) == ["a"])
    }
  }

  @Test func aFullDiskLeavesNothing() throws {
    #expect(throws: FileError(path: "/dev/full", reason: .noSpace)) { try writeFile("/dev/full", "text") }
  }

  @Test func writesToDevices() throws {
    try writeFile("/dev/null", "text")
    #expect(try readFile("/dev/null").isEmpty)
  }

  @Test func linksStayAndPermissionsAreKept() throws {
    try withTemporaryFolder { folder in
      try createFolder("\(folder)/there")
      try writeFile("\(folder)/there/a", "old")
      unsafe chmod("\(folder)/there/a", 0o640)
      unsafe symlink("there/a", "\(folder)/link")
      try writeFile("\(folder)/link", "new")
      #expect(try readFile("\(folder)/there/a") == Array("new".utf8))
      var status = stat()
      #expect(unsafe lstat("\(folder)/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(unsafe stat("\(folder)/link", &status) == 0 && status.st_mode & 0o777 == 0o640)
      #expect(try names(in: "\(folder)/there") == ["a"])
    }
  }

  @Test func longNamesAreWritten() throws {
    try withTemporaryFolder { folder in
      let name = String(repeating: "n", count: 255)
      try writeFile("\(folder)/\(name)", "text")
      #expect(try names(in: folder) == [name])
      #expect(throws: FileError(path: "\(folder)/\(name)n", reason: .system(code: ENAMETOOLONG))) { try writeFile("\(folder)/\(name)n", "text") }
      #expect(try names(in: folder) == [name])
    }
  }

  @Test func createsFoldersOnTheWay() throws {
    try withTemporaryFolder { folder in
      try createFolder("\(folder)/a/b//c/")
      #expect(isFolder("\(folder)/a/b/c"))
      try createFolder("\(folder)/a")
      try writeFile("\(folder)/file", "text")
      #expect(!isFolder("\(folder)/file") && !isFolder("\(folder)/none"))
      #expect(throws: FileError.self) { try createFolder("\(folder)/file") }
      #expect(throws: FileError.self) { try createFolder("\(folder)/file/below") }
    }
  }
}
