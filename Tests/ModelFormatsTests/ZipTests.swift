import Files
import ModelFormats
import Tensors
import Testing

/// Archives written by hand, with one stored member `a.npy`, or several of the same place.
@Suite struct ZipTests {
  /// What an archive says of its member; each of it may be a lie.
  struct Member {
    var name = "a.npy"
    var flags: UInt16 = 0
    var method: UInt16 = 0
    var checksum: UInt32?
    var packed, unpacked, offset: UInt64?
    /// Whether sizes and place stand in the extra field.
    var isLarge = false
  }
  struct End {
    var members: UInt64?
    var size, offset: UInt64?
    var isLarge = false
    var disk: UInt16 = 0
    var comment: [UInt8] = []
  }

  static let contents: [UInt8] = {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndian(UInt16(header.utf8.count)) + Array(header.utf8) + [7, 8, 9]
  }()

  /// CRC-32, bit by bit.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) } }
  }

  static func archive(_ members: [Member] = [Member()], _ end: End = End(), signature: UInt32 = 0x0403_4B50) -> [UInt8] {
    let name = Array("a.npy".utf8), count = UInt64(contents.count)
    var bytes = littleEndian(signature) + Array(repeating: 0, count: 22) + littleEndian(UInt16(name.count)) + [3, 0] + name + [1, 2, 3] + contents
    let start = UInt64(bytes.count)
    for member in members {
      let name = Array(member.name.utf8), sizes = [member.unpacked ?? count, member.packed ?? count, member.offset ?? 0]
      let extra = member.isLarge ? [9, 0, 1, 0, 77] + littleEndian(UInt16(1)) + littleEndian(UInt16(24)) + sizes.flatMap { littleEndian($0) } : []
      func small(_ number: UInt64) -> [UInt8] { littleEndian(member.isLarge ? UInt32.max : UInt32(truncatingIfNeeded: number)) }
      bytes += littleEndian(UInt32(0x0201_4B50)) + [20, 0, 20, 0] + littleEndian(member.flags) + littleEndian(member.method) + [0, 0, 0, 0]
      bytes += littleEndian(member.checksum ?? checksum(contents)) + small(sizes[1]) + small(sizes[0])
      bytes += littleEndian(UInt16(name.count)) + littleEndian(UInt16(extra.count)) + [2, 0] + Array(repeating: 0, count: 8) + small(sizes[2])
      bytes += name + extra + [33, 33]
    }
    let numbers = [end.members ?? UInt64(members.count), end.size ?? UInt64(bytes.count) - start, end.offset ?? start]
    if end.isLarge {
      let place = UInt64(bytes.count)
      bytes += littleEndian(UInt32(0x0606_4B50)) + Array(repeating: 0, count: 20) + littleEndian(numbers[0]) + numbers.flatMap { littleEndian($0) }
      bytes += littleEndian(UInt32(0x0706_4B50)) + [0, 0, 0, 0] + littleEndian(place) + [1, 0, 0, 0]
    }
    func small(_ number: UInt64) -> [UInt8] { littleEndian(end.isLarge ? UInt32.max : UInt32(truncatingIfNeeded: number)) }
    bytes += littleEndian(UInt32(0x0605_4B50)) + littleEndian(end.disk) + [0, 0] + small(numbers[0]).prefix(2) + small(numbers[0]).prefix(2)
    return bytes + small(numbers[1]) + small(numbers[2]) + littleEndian(UInt16(end.comment.count)) + end.comment
  }

  private func read(_ bytes: [UInt8]) throws -> [UInt8]? {
    let folder = try ScratchFolder()
    return try NumPyArchive(try folder.write("a.npz", bytes)).array("a").bytes
  }

  private func failure(_ bytes: [UInt8]) throws -> String {
    try #require(problem { _ = try read(bytes) })
  }

  @Test func archivesOfEveryForm() throws {
    #expect(try read(Self.archive()) == [7, 8, 9])
    #expect(try read(Self.archive([Member(isLarge: true)])) == [7, 8, 9])
    #expect(try read(Self.archive([Member(isLarge: true)], End(isLarge: true))) == [7, 8, 9])
    #expect(try read(Self.archive([Member()], End(isLarge: true))) == [7, 8, 9])
    #expect(try read(Self.archive([Member()], End(comment: Array("PK\u{5}\u{6} a comment".utf8)))) == [7, 8, 9])
    #expect(try read(Self.archive([Member(), Member(name: "b.npy", packed: .max, unpacked: .max, offset: 0)])) == [7, 8, 9])
  }

  @Test func membersThatLie() throws {
    let count = UInt64(Self.contents.count)
    for (member, expected) in [
      (Member(checksum: 1), "the checksum of “a.npy” is wrong"), (Member(flags: 1), "encrypted"), (Member(method: 12), "packed by method 12"),
      (Member(method: 8), "cannot be unpacked"), (Member(packed: count - 1), "two sizes are given"),
      (Member(packed: 5000, unpacked: 5000), "expected 5000 more bytes"),
      (Member(offset: 1), "expected the local header"), (Member(offset: 100_000), "bytes at byte 100000"),
      (Member(offset: UInt64(Int64.max), isLarge: true), "2⁶² bytes"),
      (Member(offset: 1 << 61, isLarge: true), "more bytes at byte"), (Member(packed: .max, unpacked: .max, isLarge: true), "2⁶² bytes"),
      (Member(packed: 1 << 40, unpacked: 1 << 40, isLarge: true), "more than the limit"),
    ] {
      let message = try failure(Self.archive([member]))
      #expect(message.contains(expected), "\(member): \(message)")
    }
    #expect(try failure(Self.archive([Member(), Member()])).contains("“a.npy” stands twice"))
    #expect(try failure(Self.archive(signature: 0)).contains("expected the local header"))
  }

  @Test func endsThatLie() throws {
    for end in [
      End(members: 2), End(members: 60000), End(size: 10_000), End(offset: 10_000), End(size: 0), End(members: .max, isLarge: true),
      End(size: .max, isLarge: true),
      End(offset: .max, isLarge: true), End(size: 1 << 63, offset: 1 << 63, isLarge: true), End(offset: 3), End(disk: 1),
    ] {
      let message = try failure(Self.archive([Member()], end))
      #expect(message.contains("archive") || message.contains("expected"), "\(end): \(message)")
    }
    #expect(try failure(Self.archive([Member()], End(members: 0))).contains("there is no array “a”"))
  }
}
