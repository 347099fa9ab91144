/// A picture that moves: frames one after the other, as animated PNG, which browsers show, and other programs show the first frame of.
///
/// The chunks of the frames' own PNG files, put in the order of the APNG specification 1.0 (W3C, “Portable network graphics”, third edition, 2025): `acTL` with the number of
/// frames, and for each frame an `fcTL` with its time before its data, which are `fdAT` chunks from the second on.
///
/// - Parameters:
///   - frames: at least one, all of one size and layout.
///   - milliseconds: how long each frame stays; the last stays `pause` longer. The film begins anew for ever.
/// - Throws: ``ImageError`` when a frame cannot be encoded, or they differ.
public func animatedPNG(_ frames: [Image], milliseconds: Int, pause: Int = 0, path: String = "picture") throws(ImageError) -> [UInt8] {
  guard let first = frames.first, frames.allSatisfy({ $0.width == first.width && $0.height == first.height && $0.layout == first.layout }) else {
    throw ImageError(path: path, kind: .notEncodable(.png, reason: "an animation needs frames of one size"))
  }
  var result: [UInt8] = [], sequence: UInt32 = 0
  var options = EncodingOptions()
  options.compressionLevel = 6
  for (index, frame) in frames.enumerated() {
    let chunks = chunks(of: try encode(frame, as: .png, options: options, path: path)), isLast = index == frames.count - 1
    if index == 0 {
      result = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      append("IHDR", chunks.first { $0.name == "IHDR" }?.data ?? [], to: &result)
      append("acTL", bytes(UInt32(frames.count)) + bytes(0), to: &result)
      for chunk in chunks where !["IHDR", "IDAT", "IEND"].contains(chunk.name) { append(chunk.name, chunk.data, to: &result) }
    }
    let time = UInt16(clamping: milliseconds + (isLast ? pause : 0))
    let control = bytes(sequence) + bytes(UInt32(first.width)) + bytes(UInt32(first.height)) + bytes(0) + bytes(0)
    append("fcTL", control + [UInt8(time >> 8), UInt8(time & 255), 3, 0xE8, 0, 0], to: &result)  // in thousandths of a second
    sequence += 1
    for chunk in chunks where chunk.name == "IDAT" {
      if index == 0 {
        append("IDAT", chunk.data, to: &result)
      } else {
        append("fdAT", bytes(sequence) + chunk.data, to: &result)
        sequence += 1
      }
    }
  }
  append("IEND", [], to: &result)
  return result
}

/// The chunks of a PNG file that was just written.
private func chunks(of file: [UInt8]) -> [(name: String, data: ArraySlice<UInt8>)] {
  var result: [(name: String, data: ArraySlice<UInt8>)] = [], place = 8
  while place + 12 <= file.count {
    let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    result.append((String(decoding: file[place + 4..<place + 8], as: UTF8.self), file[place + 8..<place + 8 + length]))
    place += 12 + length
  }
  return result
}

private func append(_ name: String, _ data: some Collection<UInt8>, to file: inout [UInt8]) {
  file += bytes(UInt32(data.count))
  let start = file.count
  file += Array(name.utf8)
  file += data
  file += bytes(crc32(file[start...]))
}

private func bytes(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }

/// The checksum of PNG's chunks (ISO 3309).
private func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var sum = ~UInt32(0)
  for byte in bytes { sum = crcTable[Int((sum ^ UInt32(byte)) & 255)] ^ (sum >> 8) }
  return ~sum
}

private let crcTable: [UInt32] = (0..<256).map { index in
  (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
}
