/// Takes little-endian numbers and runs of bytes off a slice, one after the other. Reading past the end is a problem, never a trap.
struct ByteReader {
  let bytes: ByteSlice
  private(set) var position = 0

  init(_ bytes: ByteSlice, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ count: Int) throws(FormatProblem) -> ByteSlice {
    guard count >= 0 && count <= bytes.count - position else {
      throw FormatProblem(
        "expected \(count) more bytes at byte \(position), found \(max(bytes.count - position, 0)): the file is not wholly downloaded, or damaged")
    }
    position += count
    return bytes[position - count..<position]
  }

  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) throws(FormatProblem) -> Number {
    try take(MemoryLayout<Number>.size).number(at: 0, as: type)
  }

  /// The bytes up to the next line feed, which is taken too and not returned. A line has at most 256 bytes.
  mutating func line() throws(FormatProblem) -> String {
    let end = min(position + 256, bytes.count)
    guard let feed = (position..<end).first(where: { bytes[$0] == 0x0A }), let text = bytes[position..<feed].text else {
      throw FormatProblem("expected a line of text at byte \(position): the file is damaged")
    }
    position = feed + 1
    return text
  }
}
