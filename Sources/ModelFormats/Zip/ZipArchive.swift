/// The members of a zip archive (PKWARE APPNOTE 6.3): found through the central directory at its end, stored as they are or deflated.
///
/// The directory: per member a record (signature PK 1 2) of method, checksum, sizes, name and place; then the end record (PK 5 6), which says how
/// many there are and where they begin. Numbers that do not fit into 32 bits stand in an extra field 1 and in a second end record (PK 6 6), which a
/// locator (PK 6 7) finds.
struct ZipArchive {
  struct Member {
    var name: String
    var isDeflated: Bool
    var packedCount, count: Int
    var checksum: UInt32
    /// Where its local header begins.
    var offset: Int
  }

  /// In the order of the directory.
  let members: [Member]
  private let byName: [String: Int]
  private let bytes: ByteSlice

  static let largestMemberCount = 1_000_000

  /// Whether the bytes begin as an archive does.
  static func isArchive(_ bytes: ByteSlice) -> Bool {
    bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) || bytes.starts(with: Array("PK\u{5}\u{6}".utf8))
  }

  init(_ bytes: ByteSlice) throws(FormatProblem) {
    let directory = try ZipDirectory(bytes)
    var reader = ByteReader(bytes[directory.range])
    var members: [Member] = []
    var byName: [String: Int] = [:]
    for _ in 0..<directory.count {
      let member = try Member(&reader)
      guard byName.updateValue(members.count, forKey: member.name) == nil else {
        throw FormatProblem("the member \(quoted(member.name)) stands twice in the archive")
      }
      members.append(member)
    }
    self.members = members
    self.byName = byName
    self.bytes = bytes
  }

  subscript(name: String) -> Member? { byName[name].map { members[$0] } }

  /// The bytes of a member, in place where they are stored as they are.
  ///
  /// - Parameter isChecked: whether to compare the checksum, which reads all bytes. What is unpacked is compared always.
  /// - Throws: ``FormatProblem`` when it is larger than `limit`, or damaged.
  func contents(of member: Member, atMost limit: Int, isChecked: Bool) throws(FormatProblem) -> ByteSlice {
    guard member.count <= limit else {
      throw FormatProblem("the member \(quoted(member.name)) has \(member.count) bytes, more than the limit of \(limit)")
    }
    let packed = try packedBytes(of: member)
    guard member.isDeflated else {
      if isChecked { try check(packed, member) }
      return packed
    }
    let unpacked = try unsafe ByteSlice(count: member.count) { (target) throws(FormatProblem) in
      guard unsafe Deflate.unpack(packed, into: target) else {
        throw FormatProblem("the member \(quoted(member.name)) cannot be unpacked: the file is damaged")
      }
    }
    try check(unpacked, member)
    return unpacked
  }

  /// The bytes of a member as they lie in the archive, behind its local header: signature, 22 bytes that repeat the directory, the lengths of name
  /// and extra field, and these two.
  private func packedBytes(of member: Member) throws(FormatProblem) -> ByteSlice {
    var reader = ByteReader(bytes, at: member.offset)
    guard try reader.number(UInt32.self) == 0x0403_4B50 else {
      throw FormatProblem("expected the local header of \(quoted(member.name)) at byte \(member.offset), found something else: the file is damaged")
    }
    _ = try reader.take(22)
    let nameCount = try reader.number(UInt16.self), extraCount = try reader.number(UInt16.self)
    _ = try reader.take(Int(nameCount) + Int(extraCount))
    return try reader.take(member.packedCount)
  }

  private func check(_ contents: ByteSlice, _ member: Member) throws(FormatProblem) {
    guard Deflate.checksum(contents) == member.checksum else {
      throw FormatProblem("the checksum of \(quoted(member.name)) is wrong: the file is damaged")
    }
  }
}

extension ZipArchive.Member {
  /// Takes a record off the directory.
  fileprivate init(_ reader: inout ByteReader) throws(FormatProblem) {
    guard try reader.number(UInt32.self) == 0x0201_4B50 else { throw FormatProblem("the archive's directory is damaged") }
    _ = try reader.take(4)  // versions
    let flags = try reader.number(UInt16.self), method = try reader.number(UInt16.self)
    _ = try reader.take(4)  // time and date
    checksum = try reader.number(UInt32.self)
    var packed = UInt64(try reader.number(UInt32.self)), unpacked = UInt64(try reader.number(UInt32.self))
    let nameCount = try reader.number(UInt16.self), extraCount = try reader.number(UInt16.self), commentCount = try reader.number(UInt16.self)
    _ = try reader.take(8)  // disk and attributes
    var place = UInt64(try reader.number(UInt32.self))
    let nameBytes = try reader.take(Int(nameCount))
    guard let name = nameBytes.text else { throw FormatProblem("the name of a member is not UTF-8") }
    var extra = ByteReader(try reader.take(Int(extraCount)))
    _ = try reader.take(Int(commentCount))

    while extra.bytes.count - extra.position >= 4 {
      let kind = try extra.number(UInt16.self), size = try extra.number(UInt16.self)
      var field = ByteReader(try extra.take(Int(size)))
      guard kind == 1 else { continue }
      if unpacked == 0xFFFF_FFFF { unpacked = try field.number(UInt64.self) }
      if packed == 0xFFFF_FFFF { packed = try field.number(UInt64.self) }
      if place == 0xFFFF_FFFF { place = try field.number(UInt64.self) }
    }
    guard flags & 1 == 0 else { throw FormatProblem("the member \(quoted(name)) is encrypted, which is not supported") }
    guard method == 0 || method == 8 else {
      throw FormatProblem("the member \(quoted(name)) is packed by method \(method), expected 0 (stored) or 8 (deflated)")
    }
    guard method == 8 || packed == unpacked else {
      throw FormatProblem("the member \(quoted(name)) is stored, yet two sizes are given: the file is damaged")
    }
    guard let packedCount = Int(exactly: packed), let count = Int(exactly: unpacked), let offset = Int(exactly: place), offset < 1 << 62 else {
      throw FormatProblem("the member \(quoted(name)) has sizes of 2⁶² bytes and more: the file is damaged")
    }
    self.name = name
    self.isDeflated = method == 8
    self.packedCount = packedCount
    self.count = count
    self.offset = offset
  }
}
