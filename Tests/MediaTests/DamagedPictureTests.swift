import Files
import Media
import Testing

/// Files that are not what they should be: an error that says so, or a picture of the right size, but never a crash.
@Suite struct DamagedPictureTests {
  static let kinds = [
    "rgb8.png", "rgba16-interlaced.png", "palette8-transparent.png", "grey1.png", "orientation6.png",
    "ycbcr420.jpg", "progressive.jpg", "cmyk-adobe.jpg", "ycck-adobe.jpg", "restarts.jpg", "orientation6.jpg", "orientation5.jpg",
  ]

  /// A larger file of the same kinds, whose pixels take most of its bytes.
  private func photograph(_ format: PictureFormat) throws -> [UInt8] { try encode(testPicture(width: 150, height: 110), as: format) }

  private func expectDamaged(_ bytes: [UInt8], _ comment: Comment) {
    #expect(comment) { try decodeImage(bytes, path: "photo") } throws: { error in
      guard let error = error as? ImageError, error.path == "photo", error.description.hasPrefix("photo: ") else { return false }
      switch error.kind {
      case .damaged(_, let reason, let offset): return !reason.isEmpty && offset <= bytes.count
      case .unrecognized: return bytes.count < 8
      default: return false
      }
    }
  }

  @Test(arguments: kinds) func truncatedFilesAreErrors(name: String) throws {
    let bytes = try Fixture.named(name).bytes()
    for place in 0..<20 { expectDamaged(Array(bytes.prefix(bytes.count * place / 20)), "the first \(place) twentieths of \(name)") }
    expectDamaged(bytes.dropLast(), "\(name) without its last byte")
  }

  @Test(arguments: PictureFormat.allCases) func truncatedPhotographsAreErrors(format: PictureFormat) throws {
    let bytes = try photograph(format)
    for place in 0..<20 { expectDamaged(Array(bytes.prefix(bytes.count * place / 20)), "the first \(place) twentieths of a \(format)") }
  }

  @Test func truncationNamesTheLibrarysMessage() throws {
    let png = try photograph(.png), jpeg = try photograph(.jpeg)
    #expect { try decodeImage(png.dropLast(20), path: "p.png") } throws: { "\($0)".contains("the PNG picture is damaged (the file ends too early") }
    #expect { try decodeImage(jpeg.dropLast(20), path: "p.jpg") } throws: { "\($0)".contains("the JPEG picture is damaged (Premature end of JPEG file") }
  }

  @Test(arguments: kinds) func flippedBitsDoNoHarm(name: String) throws {
    let fixture = try Fixture.named(name)
    try flipBits(of: fixture.bytes(), name: name)
  }

  @Test(arguments: PictureFormat.allCases) func flippedBitsInPhotographsDoNoHarm(format: PictureFormat) throws {
    try flipBits(of: photograph(format), name: format.rawValue)
  }

  private func flipBits(of bytes: [UInt8], name: String) throws {
    for place in 0..<200 {
      var flipped = bytes
      let bit = place * (8 * bytes.count - 1) / 199
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      var options = DecodingOptions()
      options.largestPixelCount = 1 << 22  // a flipped size may be large
      do throws(ImageError) {
        let image = try decodeImage(flipped, path: name, options: options).image
        #expect(image.width > 0 && image.height > 0)
      } catch { #expect(error.description.hasPrefix("\(name): ")) }
    }
  }

  @Test func everyFlippedBitOfAPNGIsFound() throws {  // all its bytes are under a check sum, or are the signature or a length
    let bytes = try Fixture.named("rgb8.png").bytes()
    for bit in 0..<(8 * bytes.count) {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: ImageError.self, "bit \(bit)") { try decodeImage(flipped, path: "p") }
    }
  }

  @Test func malformedEXIFIsIgnored() throws {
    let bytes = try Fixture.named("orientation6.jpg").bytes()
    let start = 6, end = 4 + Int(bytes[5])  // the content of the segment, which follows the start marker
    for position in start..<end {
      for value in [0, 0x7F, 0xFF] as [UInt8] {
        var changed = bytes
        changed[position] = value
        let image = try decodeImage(changed, path: "p").image
        #expect(image.width * image.height == 13 * 9)
      }
    }
  }

  @Test func emptyAndForeignFilesAreNamed() {
    func message(_ bytes: [UInt8]) -> String {
      do throws(ImageError) { _ = try decodeImage(bytes, path: "x.jpg") } catch { return error.description }
      return ""
    }
    #expect(message([]) == "x.jpg: found an empty file where a PNG or JPEG picture was expected; convert it to one of these first")
    #expect(message(Array("Dear reader,\n".utf8)).contains("found text where"))
    #expect(message(Array("GIF89a".utf8) + [0, 1, 2]).contains("found a GIF picture"))
    #expect(message(Array("RIFF".utf8) + [1, 2, 3, 4] + Array("WEBPVP8 ".utf8)).contains("found a WebP picture"))
    #expect(message([0, 0, 0, 24] + Array("ftypheic".utf8)).contains("found a HEIC picture"))
    #expect(message([0, 1, 2, 3]).contains("found data of another kind"))
  }

  @Test func aHugeClaimIsRefusedBeforeMemoryIsTaken() throws {
    var bytes = try Fixture.named("rgb8.png").bytes()
    bytes.replaceSubrange(16..<24, with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
    bytes.replaceSubrange(29..<33, with: pngChecksum(Array(bytes[12..<29])))
    #expect(throws: ImageError(path: "p", kind: .tooLarge(width: 100_000, height: 100_000, limit: 1 << 28))) { try decodeImage(bytes, path: "p") }
    #expect { try decodeImage(bytes, path: "p") } throws: { "\($0)".contains("100000×100000") && "\($0)".contains("268435456") }
    #expect(try readHeader(of: bytes, path: "p").width == 100_000)
  }

  @Test func theLimitOnPixelsIsExact() throws {
    let bytes = try encode(testPicture(width: 20, height: 30), as: .jpeg)
    var options = DecodingOptions()
    options.largestPixelCount = 600
    #expect(try decodeImage(bytes, path: "p", options: options).image.width == 20)
    options.largestPixelCount = 599
    #expect(throws: ImageError(path: "p", kind: .tooLarge(width: 20, height: 30, limit: 599))) { try decodeImage(bytes, path: "p", options: options) }
    options.largestPixelCount = 0
    #expect(throws: ImageError.self) { try decodeImage(bytes, path: "p", options: options) }
  }

  @Test func endlessScansAreRefused() throws {
    #expect(try decodeImage(progressivePicture(scans: 1000), path: "p").image.width == 8)
    #expect { try decodeImage(progressivePicture(scans: 1001), path: "p") } throws: { "\($0)".contains("more than 1000 scans") }
    // The last scan of a file, again and again.
    let bytes = try Fixture.named("grey-progressive.jpg").bytes()
    let last = try #require((0..<(bytes.count - 1)).last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
    let scan = Array(bytes[last..<(bytes.count - 2)])
    expectDamaged(Array(bytes.dropLast(2) + (0..<1100).flatMap { _ in scan } + [0xFF, 0xD9]), "1100 scans")
  }

  /// A progressive picture of 8×8 pixels whose coefficients, all zero, come one bit of one coefficient at a time (T.81, annex G).
  private func progressivePicture(scans count: Int) -> [UInt8] {
    func segment(_ code: UInt8, _ content: [UInt8]) -> [UInt8] { [0xFF, code, UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 255)] + content }
    func table(_ kind: UInt8) -> [UInt8] { segment(0xC4, [kind, 1] + [UInt8](repeating: 0, count: 15) + [0]) }  // one symbol, 0, whose code is a zero bit
    var bytes: [UInt8] = [0xFF, 0xD8]
    bytes += segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
    bytes += segment(0xC2, [8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]) + table(0x00) + table(0x10)
    var scans = [segment(0xDA, [3, 1, 0, 2, 0, 3, 0, 0, 0, 0]) + [0x1F]]  // the mean of each component
    for component in 1...3 as ClosedRange<UInt8> {
      for coefficient in 1...63 as ClosedRange<UInt8> {
        for bit in (0...13 as ClosedRange<UInt8>).reversed() {
          scans.append(segment(0xDA, [1, component, 0, coefficient, coefficient, (bit == 13 ? 0 : bit + 1) << 4 | bit]) + [0x7F])
        }
      }
    }
    return bytes + scans.prefix(count).joined() + [0xFF, 0xD9]
  }

  @Test func harmlessChunksDoNotMatter() throws {
    // A colour profile that is nonsense, and text that claims to be compressed: both with right check sums.
    let fixture = try Fixture.named("rgb8.png")
    var bytes = try fixture.bytes()
    for (kind, data) in [("iCCP", "nonsense"), ("zTXt", "title\0\0not compressed"), ("gAMA", "x"), ("abCd", "unknown")] {
      let body = Array(kind.utf8) + Array(data.utf8)
      bytes.insert(contentsOf: [0, 0, 0, UInt8(data.utf8.count)] + body + pngChecksum(body), at: 33)
    }
    #expect(try decodeImage(bytes, path: "p").image.pixels == fixture.pixels)
  }

  @Test func bytesAfterTheEndDoNotMatter() throws {
    for name in ["rgb8.png", "ycbcr420.jpg"] {
      let fixture = try Fixture.named(name)
      let image = try decodeImage(fixture.bytes() + Array("more".utf8), path: "p").image
      #expect(largestDifference(image.pixels, fixture.pixels) <= fixture.tolerance)
    }
  }

  @Test func missingFilesAndFoldersAreNamed() throws {
    try withTemporaryFolder { folder in
      #expect(throws: ImageError(path: folder, kind: .file(FileError(path: folder, reason: .directory)))) { try loadImage(folder) }
      let path = folder + "/none.png"
      #expect(throws: ImageError(path: path, kind: .file(FileError(path: path, reason: .missing)))) { try loadImage(path) }
    }
  }
}

/// CRC-32 as PNG uses it, most significant byte first.
private func pngChecksum(_ bytes: [UInt8]) -> [UInt8] {
  var sum: UInt32 = .max
  for byte in bytes {
    sum ^= UInt32(byte)
    for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
  }
  sum = ~sum
  return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
}
