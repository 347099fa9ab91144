import Media
import Testing

@Suite struct CanvasTests {
  private func pixel(_ image: Image, _ x: Int, _ y: Int) -> [UInt8] {
    let start = (y * image.width + x) * image.channels
    return Array(image.pixels[start..<(start + image.channels)])
  }

  @Test(arguments: [(1, 1), (2, 3), (33, 20)]) func anUntouchedPictureComesBack(size: (Int, Int)) throws {
    let image = testPicture(width: size.0, height: size.1)
    #expect(try Canvas(image).image() == image)
  }

  @Test func alphaSurvives() throws {
    var pixels: [UInt8] = []
    for alpha in 0...255 { pixels += [255, UInt8(alpha), 0, UInt8(alpha)] }
    let image = Image(width: 256, height: 1, layout: .rgba, pixels: pixels)
    let again = try Canvas(image).image()
    #expect(again.layout == .rgba)
    for alpha in 1...255 {
      let before = pixel(image, alpha, 0), after = pixel(again, alpha, 0)
      #expect(after[3] == before[3])
      // Colours multiplied by alpha keep that many steps: half a step, in units of 255.
      #expect(largestDifference(before, after) <= (127 + alpha - 1) / alpha + 1)
    }
    #expect(pixel(again, 255, 0) == pixel(image, 255, 0))
  }

  @Test func rectanglesHaveTheirColorAndPlace() throws {
    let canvas = try Canvas(width: 20, height: 10, background: .black)
    canvas.fillRectangle(Rectangle(x: 2, y: 3, width: 5, height: 4), color: Color(red: 1, green: 0.5, blue: 0))
    canvas.strokeRectangle(Rectangle(x: 11, y: 2, width: 6, height: 6), color: .white, lineWidth: 2)
    let image = canvas.image()
    for y in 0..<10 {
      for x in 0..<20 {
        let isFilled = (2..<7).contains(x) && (3..<7).contains(y)
        let isStroke = (10..<18).contains(x) && (1..<9).contains(y) && !((12..<16).contains(x) && (3..<7).contains(y))
        let expected: [UInt8] = isFilled ? [255, 128, 0] : isStroke ? [255, 255, 255] : [0, 0, 0]
        #expect(pixel(image, x, y) == expected, "at \(x), \(y)")
      }
    }
  }

  @Test func halfTransparentColorsMix() throws {
    let canvas = try Canvas(Image(width: 4, height: 4, filledWith: (0, 0, 0)))
    canvas.fillRectangle(Rectangle(x: 0, y: 0, width: 4, height: 4), color: .white.withAlpha(0.5))
    #expect(abs(Int(pixel(canvas.image(), 1, 1)[0]) - 128) <= 1)
  }

  @Test func clippingIsUndone() throws {
    let canvas = try Canvas(width: 10, height: 10)
    let all = Rectangle(x: 0, y: 0, width: 10, height: 10)
    canvas.clipped(to: Rectangle(x: 0, y: 0, width: 5, height: 10)) { canvas.fillRectangle(all, color: .black) }
    #expect(pixel(canvas.image(), 4, 4) == [0, 0, 0] && pixel(canvas.image(), 5, 4) == [255, 255, 255])
    canvas.fillRectangle(all, color: .black)
    #expect(pixel(canvas.image(), 5, 4) == [0, 0, 0])
  }

  @Test func textChangesPixelsWhereItsAnchorSays() throws {
    for anchor in TextAnchor.allCases {
      let canvas = try Canvas(width: 300, height: 100)
      let size = canvas.textSize("Xylophone", size: 20)
      canvas.text("Xylophone", at: Point(x: 150, y: 50), size: 20, color: .black, anchor: anchor)
      let image = canvas.image()
      let dark = (0..<30_000).filter { image.pixels[3 * $0] < 128 }
      let columns = dark.map { $0 % 300 }, rows = dark.map { $0 / 300 }
      let left = Double(try #require(columns.min())), right = Double(try #require(columns.max()))
      let top = Double(try #require(rows.min())), bottom = Double(try #require(rows.max()))
      #expect(right - left > 0.85 * size.width && right - left < 1.05 * size.width)
      let name = "\(anchor)"
      let across = name.hasSuffix("eft") ? 0 : name.hasSuffix("ight") ? 1 : 0.5
      #expect(abs((left + right) / 2 - (150 + (0.5 - across) * size.width)) < 3, "\(anchor)")
      let middle = (top + bottom) / 2
      if name.hasPrefix("top") { #expect(middle > 55) } else if name.hasPrefix("bottom") { #expect(middle < 45) }
    }
  }

  @Test func anyTextIsSafe() throws {
    let canvas = try Canvas(width: 50, height: 50)
    for text in ["", "é 漢字 🐶", "a\0b", "\u{FFFD}", String(repeating: "long ", count: 5000)] {
      canvas.text(text, at: Point(x: 5, y: 25), size: 12, color: .black, anchor: .left)
      #expect(canvas.textSize(text, size: 12).width >= 0)
    }
    for size in [0, -3, Double.nan, .infinity, 1e9] { canvas.text("a", at: Point(x: 5, y: 25), size: size, color: .black) }
    canvas.fillRectangle(Rectangle(x: .nan, y: 0, width: .infinity, height: 4), color: .black)
    canvas.polyline([], color: .black, lineWidth: 2)
    canvas.polyline([Point(x: .infinity, y: 0), Point(x: 3, y: 3)], color: .black, lineWidth: -1, dashes: [0, -1])
    canvas.fillRectangle(Rectangle(x: 0, y: 0, width: 50, height: 50), color: .white)  // what failed does not stop what follows
    #expect(canvas.image() == Image(width: 50, height: 50, filledWith: (255, 255, 255)))
  }

  @Test func sizesThatCannotBeDrawnOnAreErrors() {
    #expect(throws: ImageError.self) { try Canvas(width: 0, height: 5) }
    #expect(throws: ImageError.self) { try Canvas(width: -4, height: 5) }
    #expect(throws: ImageError.self) { try Canvas(Image(width: 40_000, height: 1, filledWith: (0, 0, 0))) }
    #expect(throws: ImageError.self) { try Canvas(Image(width: 0, height: 0, pixels: [])) }
  }

  @Test func textIsReadableOnItsColor() {
    #expect(Color.white.readableTextColor == .black)
    #expect(Color.black.readableTextColor == .white)
    #expect(Color(red: 1, green: 1, blue: 0).readableTextColor == .black)
    #expect(Color(red: 0, green: 0, blue: 0.8).readableTextColor == .white)
  }

  @Test func distinctColorsAreDistinct() {
    #expect(Set((0..<80).map(Color.distinct)).count == 80)
    #expect(Color(hue: 0, saturation: 1, value: 1) == Color(red: 1, green: 0, blue: 0))
    #expect(Color(hue: 1.0 / 3, saturation: 1, value: 0.5) == Color(red: 0, green: 0.5, blue: 0))
  }
}
