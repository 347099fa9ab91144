import Media
import Testing

@Suite struct OrientationTests {
  /// Where the pixel (x, y) of the upright picture is stored, straight from the table in the EXIF document.
  private func stored(_ x: Int, _ y: Int, _ orientation: Orientation, width: Int, height: Int) -> (Int, Int) {
    switch orientation {
    case .up: (x, y)
    case .mirrored: (width - 1 - x, y)
    case .upsideDown: (width - 1 - x, height - 1 - y)
    case .flipped: (x, height - 1 - y)
    case .transposed: (y, x)
    case .turnedLeft: (y, height - 1 - x)
    case .transverse: (width - 1 - y, height - 1 - x)
    case .turnedRight: (width - 1 - y, x)
    }
  }

  @Test(arguments: Orientation.allCases, [Image.Layout.rgb, .rgba])
  func movesEveryPixel(orientation: Orientation, layout: Image.Layout) {
    for (width, height) in [(1, 1), (1, 5), (7, 3), (65, 64), (130, 70)] {
      let image = testPicture(width: width, height: height, layout: layout)
      let upright = image.upright(from: orientation)
      #expect(upright.width == (orientation.swapsSides ? height : width) && upright.layout == layout)
      var expected: [UInt8] = []
      for y in 0..<upright.height {
        for x in 0..<upright.width {
          let (column, row) = stored(x, y, orientation, width: width, height: height)
          let start = (row * width + column) * image.channels
          expected += image.pixels[start..<(start + image.channels)]
        }
      }
      #expect(upright.pixels == expected)
    }
  }

  @Test func anEmptyPictureStaysEmpty() {
    #expect(Image(width: 0, height: 3, pixels: []).upright(from: .transposed).pixels.isEmpty)
  }
}
