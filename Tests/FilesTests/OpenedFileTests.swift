import Files
import Glibc
import Testing

@Suite struct OpenedFileTests {
  @Test(arguments: [0, 1, 600]) func showsItsSizeAndStart(count: Int) throws {
    try withTemporaryFolder { folder in
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      try writeFile("\(folder)/a", bytes)
      let file = try OpenedFile("\(folder)/a"), size = file.byteCount, start = file.firstBytes(512), again = file.firstBytes(1)
      #expect(size == count && start == Array(bytes.prefix(512)) && again == Array(bytes.prefix(1)))
    }
  }

  /// Descriptors are given out from the lowest free number on: files that stayed open would use them up.
  @Test func closesItself() throws {
    try withTemporaryFolder { folder in
      try writeFile("\(folder)/a", [1])
      var highest: Int32 = 0
      for _ in 0..<5000 {
        let file = try OpenedFile("\(folder)/a")
        highest = max(highest, file.descriptor)
      }
      #expect(highest < 2500)
    }
  }

  @Test func onlyFilesAreOpened() throws {
    try withTemporaryFolder { folder in
      unsafe mkfifo("\(folder)/pipe", 0o600)
      for (path, reason) in [(folder, FileError.Reason.directory), ("\(folder)/a", .missing), ("\(folder)/pipe", .notRegular)] {
        do throws(FileError) {
          _ = try OpenedFile(path)
          Issue.record("\(path) is no file")
        } catch { #expect(error == FileError(path: path, reason: reason)) }
      }
    }
  }
}
