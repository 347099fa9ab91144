import Media
import Testing

/// Pictures that move.
@Suite struct AnimatedPNGTests {
  private func frame(_ red: UInt8, width: Int = 5) -> Image { Image(width: width, height: 3, filledWith: (red, 20, 30)) }

  /// The names and data of the chunks of a file.
  private func chunks(_ file: [UInt8]) -> [(name: String, data: [UInt8])] {
    var result: [(name: String, data: [UInt8])] = [], place = 8
    while place < file.count {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      result.append((String(decoding: file[place + 4..<place + 8], as: UTF8.self), Array(file[place + 8..<place + 8 + length])))
      place += 12 + length
    }
    return result
  }

  @Test func framesFollowEachOther() throws {
    let file = try animatedPNG([frame(10), frame(120), frame(250)], milliseconds: 80, pause: 1000), chunks = chunks(file)
    // Those who know no animations see the first frame; checksums are right, or it would not be read.
    #expect(try decodeImage(file, path: "film.png").image == frame(10))
    let names = chunks.map(\.name)
    #expect(names.first == "IHDR" && names.last == "IEND" && names.filter { $0 == "fcTL" }.count == 3 && names.filter { $0 == "fdAT" }.count == 2)
    #expect(names.firstIndex(of: "acTL")! < names.firstIndex(of: "IDAT")! && chunks.first { $0.name == "acTL" }!.data == [0, 0, 0, 3, 0, 0, 0, 0])
    let numbers = chunks.filter { $0.name == "fcTL" || $0.name == "fdAT" }.map { $0.data.prefix(4).reduce(0) { $0 << 8 | Int($1) } }
    #expect(numbers == [0, 1, 2, 3, 4])
    let controls = chunks.filter { $0.name == "fcTL" }.map(\.data)
    #expect(controls.allSatisfy { $0.count == 26 && $0[7] == 5 && $0[11] == 3 })
    #expect(controls.map { Int($0[20]) << 8 | Int($0[21]) } == [80, 80, 1080] && controls.allSatisfy { Int($0[22]) << 8 | Int($0[23]) == 1000 })
    // A later frame's data is that of a picture of its own.
    let own = self.chunks(try encode(frame(120), as: .png, options: { var o = EncodingOptions(); o.compressionLevel = 6; return o }())).first { $0.name == "IDAT" }!
    #expect(Array(chunks.first { $0.name == "fdAT" }!.data.dropFirst(4)) == own.data)
  }

  @Test func framesThatDifferAreRefused() {
    #expect(throws: ImageError.self) { try animatedPNG([], milliseconds: 10) }
    #expect(throws: ImageError.self) { try animatedPNG([frame(1), frame(1, width: 6)], milliseconds: 10) }
  }
}
