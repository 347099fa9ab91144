import Files
import FoundationEssentials
import Glibc
import Media
import Testing

@Suite struct SaveImageTests {
  @Test func writesByTheSuffixAndLeavesNothingElse() throws {
    try withTemporaryFolder { folder in
      let image = testPicture(width: 40, height: 30)
      for name in ["a.png", "b.jpg", "c.JPEG"] {
        try saveImage(image, to: "\(folder)/\(name)")
        try saveImage(image, to: "\(folder)/\(name)")  // a second time, over the first
        #expect(PictureFormat.recognized(in: try readFile("\(folder)/\(name)")) == PictureFormat(suffixOf: name))
      }
      #expect(try loadImage("\(folder)/a.png").image == image)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.png", "b.jpg", "c.JPEG"])
    }
  }

  @Test func refusesWhatCannotBeWritten() throws {
    try withTemporaryFolder { folder in
      let image = testPicture(width: 4, height: 3)
      #expect(throws: ImageError(path: "\(folder)/a.gif", kind: .unknownSuffix)) { try saveImage(image, to: "\(folder)/a.gif") }
      let missing = "\(folder)/none/a.png"
      #expect(throws: ImageError(path: missing, kind: .file(FileError(path: missing, reason: .missingFolder)))) { try saveImage(image, to: missing) }
      let tooWide = Image(width: 70_000, height: 1, filledWith: (0, 0, 0))
      #expect { try saveImage(tooWide, to: "\(folder)/a.jpg") } throws: { "\($0)".contains("65500") }
      #expect(throws: ImageError.self) { try saveImage(Image(width: 0, height: 4, pixels: []), to: "\(folder)/a.png") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      try saveImage(tooWide, to: "\(folder)/a.png")
    }
  }

  @Test func permissionIsNeeded() throws {
    try withTemporaryFolder { folder in
      let image = testPicture(width: 4, height: 3)
      try saveImage(image, to: "\(folder)/a.png")
      unsafe chmod("\(folder)/a.png", 0)
      unsafe chmod(folder, 0o555)
      asOrdinaryUser {
        for name in ["\(folder)/a.png", "\(folder)/b.png"] {
          #expect(throws: ImageError(path: name, kind: .file(FileError(path: name, reason: .permission)))) { try saveImage(image, to: name) }
        }
        let path = "\(folder)/a.png"
        #expect(throws: ImageError(path: path, kind: .file(FileError(path: path, reason: .permission)))) { try loadImage(path) }
      }
      unsafe chmod(folder, 0o755)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.png"])
    }
  }

  @Test func jpegQualityCounts() throws {
    let image = testPicture(width: 120, height: 90)
    let sizes = try [10, 50, 92, 100].map { try encode(image, as: .jpeg, quality: $0).count }
    #expect(sizes == sizes.sorted() && Set(sizes).count == 4)
    #expect(try encode(image, as: .jpeg, quality: 400) == encode(image, as: .jpeg, quality: 100))
    var full = EncodingOptions()
    full.chroma = .full
    #expect(try encode(image, as: .jpeg, options: full).count > encode(image, as: .jpeg).count)
  }

  @Test func jpegIsCloseToThePicture() throws {
    var pixels: [UInt8] = []
    for y in 0..<70 { for x in 0..<90 { pixels += [UInt8(60 + x), UInt8(50 + 2 * y), UInt8(200 - x)] } }
    let image = Image(width: 90, height: 70, pixels: pixels)
    let again = try decodeImage(encode(image, as: .jpeg), path: "p").image
    #expect(largestDifference(image.pixels, again.pixels) <= 8)
  }

  @Test func jpegShowsTransparencyAsWhite() throws {
    let clear = Image(width: 16, height: 16, layout: .rgba, pixels: [UInt8](repeating: 0, count: 1024))
    #expect(try decodeImage(encode(clear, as: .jpeg), path: "p").image.pixels.allSatisfy { $0 >= 254 })
  }

  @Test func encodingIsReproducible() throws {
    let image = testPicture(width: 64, height: 48)
    for format in PictureFormat.allCases { #expect(try encode(image, as: format) == encode(image, as: format)) }
  }
}
