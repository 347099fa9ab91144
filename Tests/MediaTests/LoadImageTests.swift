import Files
import Media
import Testing

@Suite struct LoadImageTests {
  @Test func fixturesAreThere() { #expect(Fixture.all.count == 72) }

  @Test(arguments: Fixture.all) func decodesEveryKind(fixture: Fixture) throws {
    let loaded = try loadImage(fixture.path)
    #expect(loaded.image.width == fixture.width && loaded.image.height == fixture.height && loaded.image.layout == .rgb)
    #expect(loaded.originalWidth == fixture.width && loaded.originalHeight == fixture.height)
    #expect(largestDifference(loaded.image.pixels, fixture.pixels) <= fixture.tolerance)
    let header = try readHeader(of: fixture.bytes(), path: fixture.path)
    #expect(header.width == fixture.width && header.height == fixture.height)
    #expect(header.format == PictureFormat(suffixOf: fixture.file))
  }

  @Test func theFixturesShowEveryOrientation() throws {
    for suffix in ["jpg", "png"] {
      for orientation in Orientation.allCases {
        let header = try readHeader(of: Fixture.named("orientation\(orientation.rawValue).\(suffix)").bytes(), path: "p")
        #expect(header.orientation == orientation)
        #expect((header.width < header.height) == orientation.swapsSides)
      }
    }
  }

  @Test func keepsAlphaOnRequest() throws {
    var options = DecodingOptions()
    options.keepsAlpha = true
    let kept = try loadImage(Fixture.named("rgba8.png").path, options: options).image
    #expect(kept.layout == .rgba)
    #expect(kept.compositedOnWhite() == (try loadImage(Fixture.named("rgba8.png").path).image))
    #expect(try loadImage(Fixture.named("rgb8.png").path, options: options).image.layout == .rgb)
    #expect(try readHeader(of: Fixture.named("palette4-transparent.png").bytes(), path: "p").hasAlpha)
  }

  @Test func compositesWithRounding() {
    for alpha in 0...255 {
      for value in stride(from: 0, through: 255, by: 5) {
        let image = Image(width: 1, height: 1, layout: .rgba, pixels: [UInt8(value), UInt8(value), UInt8(value), UInt8(alpha)])
        let exact = (Double(value * alpha + 255 * (255 - alpha)) / 255).rounded()
        #expect(image.compositedOnWhite().pixels[0] == UInt8(exact))
      }
    }
  }

  @Test(arguments: [(800, 600, 416, 1), (832, 900, 416, 2), (833, 3000, 416, 2), (1664, 1700, 416, 4), (4000, 4000, 416, 8), (4000, 4000, 1, 8)])
  func scalesJPEGDown(width: Int, height: Int, side: Int, denominator: Int) throws {
    let full = Image(width: width, height: height, filledWith: (200, 100, 50))
    var options = DecodingOptions()
    options.smallestUsefulSide = side
    let loaded = try decodeImage(encode(full, as: .jpeg), path: "p.jpg", options: options)
    #expect(loaded.originalWidth == width && loaded.originalHeight == height)
    #expect(loaded.image.width == (width + denominator - 1) / denominator && loaded.image.height == (height + denominator - 1) / denominator)
    #expect(min(loaded.image.width, loaded.image.height) >= side)
    #expect(largestDifference(Array(loaded.image.pixels.prefix(3)), [200, 100, 50]) <= 3)
  }

  @Test func doesNotScalePNG() throws {
    var options = DecodingOptions()
    options.smallestUsefulSide = 10
    #expect(try decodeImage(encode(testPicture(width: 100, height: 90), as: .png), path: "p", options: options).image.width == 100)
  }

  @Test func scalingAndOrientationAgree() throws {
    let picture = testPicture(width: 160, height: 96)
    let plain = try encode(picture, as: .jpeg, quality: 95)
    let exif: [UInt8] = Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    let turned = Array(plain.prefix(2)) + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif + plain.dropFirst(2)
    var options = DecodingOptions()
    options.smallestUsefulSide = 40
    let loaded = try decodeImage(turned, path: "p", options: options)
    #expect(loaded.image.width == 48 && loaded.image.height == 80 && loaded.originalWidth == 96 && loaded.originalHeight == 160)
    let unturned = try decodeImage(plain, path: "p", options: options).image
    #expect(loaded.image == unturned.upright(from: .turnedLeft))
  }
}
