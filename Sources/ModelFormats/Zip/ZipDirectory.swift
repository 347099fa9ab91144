/// Where an archive's directory lies, and how many members it has.
struct ZipDirectory {
  private(set) var count: Int
  private(set) var range: Range<Int>

  private static let endSize = 22, locatorSize = 20, largestComment = 65535

  init(_ bytes: ByteSlice) throws(FormatProblem) {
    guard let end = ZipDirectory.endRecord(bytes) else {
      throw FormatProblem("expected the directory of a zip archive at the end of the file, found none: the file is not wholly downloaded, or damaged")
    }
    var reader = ByteReader(bytes, at: end + 4)
    let disk = try reader.number(UInt16.self), directoryDisk = try reader.number(UInt16.self)
    _ = try reader.take(2)
    var members = UInt64(try reader.number(UInt16.self))
    var size = UInt64(try reader.number(UInt32.self)), offset = UInt64(try reader.number(UInt32.self))
    guard (disk == 0 || disk == 0xFFFF) && (directoryDisk == 0 || directoryDisk == 0xFFFF) else {
      throw FormatProblem("the zip archive has several parts, which is not supported")
    }
    let locator = end - ZipDirectory.locatorSize
    if locator >= 0, bytes.number(at: locator, as: UInt32.self) == 0x0706_4B50 {
      let place = bytes.number(at: locator + 8, as: UInt64.self)
      guard place <= UInt64(locator), bytes.number(at: Int(place), as: UInt32.self) == 0x0606_4B50, locator - Int(place) >= 56 else {
        throw FormatProblem("the archive's directory is damaged")
      }
      members = bytes.number(at: Int(place) + 32, as: UInt64.self)
      size = bytes.number(at: Int(place) + 40, as: UInt64.self)
      offset = bytes.number(at: Int(place) + 48, as: UInt64.self)
    }
    let (last, overflow) = offset.addingReportingOverflow(size)
    guard !overflow, last <= UInt64(end) else { throw FormatProblem("the archive's directory lies outside the file: it is damaged") }
    // A record has at least 46 bytes.
    guard members <= size / 46, members <= UInt64(ZipArchive.largestMemberCount) else {
      throw FormatProblem(
        "the archive claims \(members) members, which its directory of \(size) bytes cannot hold, or more than \(ZipArchive.largestMemberCount)")
    }
    count = Int(members)
    range = Int(offset)..<Int(last)
  }

  /// The place of the end record: the last that fits, with a comment as long as it says.
  private static func endRecord(_ bytes: ByteSlice) -> Int? {
    var place = bytes.count - endSize
    let first = max(0, place - largestComment)
    while place >= first {
      let comment = Int(bytes.number(at: place + 20, as: UInt16.self))
      if bytes.number(at: place, as: UInt32.self) == 0x0605_4B50, place + endSize + comment == bytes.count { return place }
      place -= 1
    }
    return nil
  }
}
