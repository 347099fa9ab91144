import Files
import ModelFormats
import Tensors
import Testing

@Suite struct NumPyTests {
  @Test(arguments: ["stored.npz", "deflated.npz"]) func everyKindOfNumberInBothOrders(_ name: String) throws {
    let archive = try NumPyArchive(Place.format(name))
    let expected = try #require(Place.formats[name])
    #expect(Set(archive.names) == Set(expected.keys))
    for (key, numbers) in expected {
      let array = try archive.array(key)
      expectEqual(array.tensor, numbers, "\(name), \(key)")
      switch array.values {
      case .bytes: #expect(key.hasPrefix("u1") || key.hasPrefix("b1"), "\(key)")
      case .integers: #expect(key.hasPrefix("i") || key.hasPrefix("u"), "\(key)")
      case .floats: #expect(!key.hasPrefix("i") && !key.hasPrefix("u"), "\(key)")
      }
    }
  }

  @Test(arguments: ["floats.npy", "columns.npy", "version2.npy"]) func singleArrays(_ name: String) throws {
    expectEqual(try NumPyFile.load(Place.format(name)).tensor, try #require(Place.formats[name]?[""]), name)
  }

  @Test func whatIsWrittenIsReadAgainAndIsNumPysOwnForm() throws {
    let folder = try ScratchFolder()
    for shape in [[], [0], [5], [3, 4], [1, 2, 1, 3]] as [Shape] {
      let tensor = Tensor(shape, noise(shape.count)), path = folder.path + "/a.npy"
      try NumPyFile.write(tensor, to: path)
      #expect(try NumPyFile.load(path).tensor == tensor)
      #expect(try readFile(path).count == 128 + 4 * shape.count)
    }
    let path = folder.path + "/b.npy"
    try NumPyFile.write(Tensor([3, 4], noise(12)), to: path)
    #expect(try readFile(path) == readFile(Place.format("floats.npy")))
    #expect(problem { try NumPyFile.write(Tensor([1]), to: "/no/such/folder/a") }?.contains("the folder does not exist") == true)
  }

  @Test(arguments: [
    ("objects", "“|O”"), ("texts", "“<U2”"), ("complex", "“<c8”"), ("structures", "holds structures, expected numbers"),
  ]) func whatIsNoNumberIsRefused(_ test: (file: String, expected: String)) throws {
    let path = Place.format("refused-\(test.file).npy")
    let message = try #require(problem { _ = try NumPyFile.load(path) })
    #expect(message.hasPrefix(path) && message.contains(test.expected), "\(message)")
  }

  static let cases: [(header: String, expected: String)] = [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "expected 8 bytes for numbers of the shape 2, found 4"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'extra': 'x'}", "“extra”"),
    ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}", "once each"),
    ("{'descr': '<f4', 'shape': ()}", "lacks one of descr, fortran_order and shape"),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}", "expected True or False"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "expected a size"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "expected a smaller size"),
    ("{'descr': '<f4', 'fortran_order': True, 'shape': (4294967296, 4294967296)}", "more numbers than any memory"),
    ("{'descr': '<f4', 'fortran_order': True, 'shape': (72057594037927936, 72057594037927936, 0)}", "more numbers than any memory"),
    ("{'descr': '<f4', 'fortran_order': True, 'shape': (1,1,1,1,1,1,1,1,1)}", "expected at most 8 axes"),
    ("{'descr': '<f16', 'fortran_order': False, 'shape': ()}", "“<f16”"),
    ("{'descr': 'f4', 'fortran_order': False, 'shape': ()}", "“f4”"),
    ("{'descr': '', 'fortran_order': False, 'shape': ()}", "“”"),
    ("{'descr': '<f4, }", "expected the end of a text"),
    ("{'descr'", "expected :"),
    ("", "expected {"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (), } x", "expected nothing after the dictionary"),
  ]

  @Test(arguments: cases) func badHeader(_ test: (header: String, expected: String)) throws {
    let folder = try ScratchFolder()
    let head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndian(UInt16(test.header.utf8.count))
    let path = try folder.write("a.npy", head + Array(test.header.utf8) + [0, 0, 0, 0])
    let message = try #require(problem { _ = try NumPyFile.load(path) })
    #expect(message.hasPrefix(path) && message.contains(test.expected), "\(message)")
  }

  @Test func sizesOfHeadersAndVersions() throws {
    let folder = try ScratchFolder()
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    for (bytes, expected) in [
      (magic + [4, 0, 0, 0], "expected version 1 to 3, found 4"),
      (magic + [2, 0] + littleEndian(UInt32.max), "at most 1048576 bytes, found 4294967295"),
      (magic + [1, 0, 255, 255], "expected 65535 more bytes"), (Array("PK".utf8), "not a .npy file"), ([], "not a .npy file"),
    ] {
      let path = try folder.write("a.npy", bytes)
      #expect(problem { _ = try NumPyFile.load(path) }?.contains(expected) == true)
    }
  }

  @Test func archivesSayWhatIsWrong() throws {
    let archive = try NumPyArchive(Place.format("stored.npz"))
    #expect(problem { _ = try archive.array("none") }?.contains("there is no array “none”, expected one of “f4-little-C”") == true)
    let small = try NumPyArchive(Place.format("deflated.npz"), limit: 200)
    let message = try #require(problem { _ = try small.array("f8-little-C") })
    #expect(message.contains("array “f8-little-C”: the member “f8-little-C.npy” has 320 bytes, more than the limit of 200"), "\(message)")
    #expect(problem { _ = try NumPyArchive(Place.format("floats.npy")) }?.contains("expected the directory of a zip archive") == true)
    #expect(problem { _ = try NumPyArchive("/no/such/file") }?.contains("no such file") == true)
  }

  @Test func integersOf64Bits() throws {
    let folder = try ScratchFolder()
    func file(_ type: String, _ bytes: [UInt8]) throws -> String {
      let header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (1,), }".utf8)
      return try folder.write("a.npy", [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndian(UInt16(header.count)) + header + bytes)
    }
    #expect(try NumPyFile.load(file("<i8", littleEndian(Int64.min))).integers == [.min])
    #expect(try NumPyFile.load(file(">i8", littleEndian(Int64.min).reversed())).integers == [.min])
    #expect(try NumPyFile.load(file("<u8", littleEndian(UInt64(Int64.max)))).integers == [.max])
    #expect(problem { _ = try NumPyFile.load(file("<u8", littleEndian(UInt64(1) << 63))) }?.contains("whole numbers of 2⁶³ and more") == true)
  }

  private func readAll(_ path: String) throws {
    let archive = try NumPyArchive(path)
    for name in archive.names { _ = try archive.array(name) }
  }

  @Test(arguments: ["stored.npz", "deflated.npz"]) func damagedArchives(_ name: String) throws {
    try checkDamage(Place.format(name), step: 23, read: readAll)
  }

  @Test(arguments: ["floats.npy", "columns.npy", "version2.npy"]) func damagedFiles(_ name: String) throws {
    try checkDamage(Place.format(name)) { _ = try NumPyFile.load($0) }
  }

  /// Whatever byte of a member changes, the checksum tells.
  @Test func changedNumbersAreNoticed() throws {
    let folder = try ScratchFolder()
    for name in ["stored.npz", "deflated.npz"] {
      var bytes = try readFile(Place.format(name))
      // Numbers of the first member: behind its local header and its own head, or in the middle of what is packed.
      let place = name == "stored.npz" ? 200 : 120
      bytes[place] ^= 0x40
      let path = try folder.write("a.npz", bytes)
      let message = problem { _ = try NumPyArchive(path).array("f4-little-C") }
      #expect(message?.contains("damaged") == true, "\(message ?? "none")")
    }
  }
}
