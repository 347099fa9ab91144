import Media
import Testing

/// A picture with gradients and edges, the same on every run.
func testPicture(width: Int, height: Int, layout: Image.Layout = .rgb) -> Image {
  var pixels: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      pixels += [UInt8(x * 255 / max(width - 1, 1)), UInt8(y * 255 / max(height - 1, 1)), UInt8((x * x + y * y) / 7 % 256)]
      if layout == .rgba { pixels.append(UInt8((3 * x + 5 * y) % 256)) }
    }
  }
  return Image(width: width, height: height, layout: layout, pixels: pixels)
}

@Suite struct RoundTripTests {
  @Test(arguments: [(1, 1), (1, 7), (8, 8), (33, 17), (300, 2)], [Image.Layout.rgb, .rgba])
  func pngKeepsEveryPixel(size: (Int, Int), layout: Image.Layout) throws {
    let image = testPicture(width: size.0, height: size.1, layout: layout)
    var options = DecodingOptions()
    options.keepsAlpha = true
    let loaded = try decodeImage(encode(image, as: .png), path: "p.png", options: options)
    #expect(loaded.image == image)
    #expect(loaded.originalWidth == size.0 && loaded.originalHeight == size.1)
  }
}
