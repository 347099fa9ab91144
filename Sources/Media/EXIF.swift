/// The little of EXIF (JEITA CP-3451, TIFF 6.0) that concerns pixels: how the camera was held. Malformed metadata is ignored, never an error.
enum EXIF {
  /// The orientation that the first EXIF segment (APP1) of a JPEG file gives.
  static func orientation(inJPEG bytes: [UInt8]) -> Orientation {
    var offset = 2  // after the start marker
    while let mark = bytes.byte(at: offset), mark == 0xFF, let code = bytes.byte(at: offset + 1) {
      switch code {
      case 0xFF: offset += 1  // a fill byte
      case 0x01, 0xD0...0xD8: offset += 2  // markers without a segment
      case 0xD9, 0xDA: return .up  // the pixels begin
      default:
        guard let length = bytes.integer(at: offset + 2, bytes: 2, isBigEndian: true), length >= 2 else { return .up }
        let end = offset + 2 + length
        if code == 0xE1 && end <= bytes.count && bytes[(offset + 4)..<end].starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) {
          return orientation(inTIFF: bytes[(offset + 10)..<end])
        }
        offset = end
      }
    }
    return .up
  }

  /// The orientation that the `eXIf` chunk of a PNG file gives.
  static func orientation(inPNG bytes: [UInt8]) -> Orientation {
    var offset = 8  // after the signature
    while let length = bytes.integer(at: offset, bytes: 4, isBigEndian: true), offset + 12 + length <= bytes.count {
      let data = (offset + 8)..<(offset + 8 + length)
      if bytes[(offset + 4)..<(offset + 8)].elementsEqual("eXIf".utf8) { return orientation(inTIFF: bytes[data]) }
      offset = data.upperBound + 4
    }
    return .up
  }

  /// The orientation in the first directory of a TIFF header: entry 0x0112, one 16-bit number.
  static func orientation(inTIFF bytes: ArraySlice<UInt8>) -> Orientation {
    let isBigEndian = bytes.starts(with: [0x4D, 0x4D, 0, 42])
    guard isBigEndian || bytes.starts(with: [0x49, 0x49, 42, 0]) else { return .up }
    func integer(at offset: Int, bytes count: Int) -> Int? {
      bytes.integer(at: bytes.startIndex + offset, bytes: count, isBigEndian: isBigEndian)
    }
    guard let directory = integer(at: 4, bytes: 4), let entries = integer(at: directory, bytes: 2) else { return .up }
    for entry in 0..<entries {
      let start = directory + 2 + 12 * entry
      guard let tag = integer(at: start, bytes: 2) else { return .up }
      guard tag == 0x0112 else { continue }
      guard integer(at: start + 2, bytes: 2) == 3, integer(at: start + 4, bytes: 4) == 1 else { return .up }
      return integer(at: start + 8, bytes: 2).flatMap(Orientation.init) ?? .up
    }
    return .up
  }
}

extension RandomAccessCollection where Element == UInt8, Index == Int {
  /// The byte at `offset`, or nil outside the collection.
  fileprivate func byte(at offset: Int) -> UInt8? { offset >= startIndex && offset < endIndex ? self[offset] : nil }

  /// The unsigned integer of `count` bytes (at most 4) at `offset`, or nil outside the collection.
  fileprivate func integer(at offset: Int, bytes count: Int, isBigEndian: Bool) -> Int? {
    guard offset >= startIndex && offset <= endIndex - count else { return nil }
    let bytes = self[offset..<(offset + count)]
    return isBigEndian ? bytes.reduce(0) { $0 << 8 | Int($1) } : bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
