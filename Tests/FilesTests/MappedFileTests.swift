import Files
import Glibc
import Testing

@Suite struct MappedFileTests {
  @Test(arguments: [0, 1, 4096, 100_001]) func showsEveryByte(count: Int) throws {
    try withTemporaryFolder { folder in
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      try writeFile("\(folder)/a", bytes)
      let mapped = try MappedFile("\(folder)/a")
      #expect(mapped.count == count && mapped.path == "\(folder)/a")
      #expect(unsafe Array(mapped.unsafeBytes) == bytes)
      #expect(mapped.bytes.byteCount == count)
    }
  }

  @Test func onlyFilesAreMapped() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError(path: folder, reason: .directory)) { try MappedFile(folder) }
      #expect(throws: FileError(path: "\(folder)/a", reason: .missing)) { try MappedFile("\(folder)/a") }
      unsafe mkfifo("\(folder)/pipe", 0o600)
      #expect(throws: FileError(path: "\(folder)/pipe", reason: .notRegular)) { try MappedFile("\(folder)/pipe") }
    }
  }
}
