import Files
import Glibc
import Testing

@Suite struct ReadFileTests {
  @Test(arguments: [0, 1, 2, 4095, 65_536, 65_537, 1_000_003]) func readsEveryByte(count: Int) throws {
    try withTemporaryFolder { folder in
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
      try writeFile("\(folder)/a", bytes)
      #expect(try readFile("\(folder)/a") == bytes)
    }
  }

  @Test func missingFileSaysSo() {
    #expect(throws: FileError(path: "/nowhere/x", reason: .missing)) { try readFile("/nowhere/x") }
    #expect("\(FileError(path: "a.jpg", reason: .missing))" == "a.jpg: there is no such file; check the spelling and the folder you are in")
  }

  @Test func aFileIsNoFolder() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError(path: folder, reason: .directory)) { try readFile(folder) }
      try writeFile("\(folder)/a", "text")
      #expect(throws: FileError(path: "\(folder)/a/b", reason: .missing)) { try readFile("\(folder)/a/b") }
      #expect(throws: FileError(path: "", reason: .missing)) { try readFile("") }
    }
  }

  @Test func permissionIsNeeded() throws {
    try withTemporaryFolder { folder in
      try writeFile("\(folder)/a", "secret")
      unsafe chmod("\(folder)/a", 0)
      asOrdinaryUser {
        #expect(throws: FileError(path: "\(folder)/a", reason: .permission)) { try readFile("\(folder)/a") }
        #expect(throws: FileError(path: "\(folder)/a", reason: .permission)) { try MappedFile("\(folder)/a") }
      }
    }
  }

  @Test func theLimitIsExact() throws {
    try withTemporaryFolder { folder in
      try writeFile("\(folder)/a", "12345")
      #expect(try readFile("\(folder)/a", atMost: 5).count == 5)
      #expect(throws: FileError(path: "\(folder)/a", reason: .tooLarge(limit: 4))) { try readFile("\(folder)/a", atMost: 4) }
    }
  }

  @Test func readsFilesThatDoNotSayTheirSize() throws {
    #expect(try !readFile("/proc/self/status").isEmpty)
    #expect(throws: FileError(path: "/dev/zero", reason: .tooLarge(limit: 1 << 20))) { try readFile("/dev/zero", atMost: 1 << 20) }
  }

  @Test func readsPipes() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/pipe"
      #expect(unsafe mkfifo(path, 0o600) == 0)
      let child = unsafe popen("head -c 300000 /dev/zero > \(path)", "r")
      let bytes = try readFile(path)
      unsafe pclose(child)
      #expect(bytes.count == 300_000 && bytes.allSatisfy { $0 == 0 })
    }
  }
}
