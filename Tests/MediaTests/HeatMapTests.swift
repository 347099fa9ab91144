import Media
import Testing

@Suite struct HeatMapTests {
  /// The colours lie where the numbers do: the lowest row at the bottom.
  @Test func colorsLieWhereTheNumbersDo() throws {
    var map = HeatMap(values: [0, 0, 0, 1], rows: 2, columns: 2, xRange: 0...2, colorRange: 0...1)
    map.yTicks = [(part: 0.5, label: "1")]
    let image = try map.image()
    func brightness(_ x: Int, _ y: Int) -> Int { (0..<3).reduce(0) { $0 + Int(image.pixels[(y * image.width + x) * 3 + $1]) } }
    #expect(image.width == 1000 && image.height == 600)
    #expect(brightness(700, 100) > 600 && brightness(200, 100) < 100 && brightness(200, 450) < 100 && brightness(700, 450) < 100)
  }

  @Test func anyNumbersAndSizes() throws {
    var map = HeatMap(values: [.nan, .infinity, -.infinity, 1e38], rows: 1, columns: 4, xRange: 0...0, colorRange: 0...0)
    map.title = "a title that is far too long for a picture this small"
    for (width, height) in [(1000, 600), (40, 30), (1, 1)] {
      map.width = width
      map.height = height
      #expect(try map.image().width == width)
    }
    map.width = 0
    #expect(throws: ImageError.self) { try map.image() }
  }
}
