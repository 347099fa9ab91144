import Media
import Testing

@Suite struct PlotTests {
  @Test(arguments: [
    (0.0, 1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (0, 100, ["0", "20", "40", "60", "80", "100"]), (-3, 3, ["−3", "−2", "−1", "0", "1", "2", "3"]),
    (0.013, 0.021, ["0.014", "0.016", "0.018", "0.020"]), (0, 5e6, ["0", "1e6", "2e6", "3e6", "4e6", "5e6"]),
    (0, 5e-7, ["0", "1e-7", "2e-7", "3e-7", "4e-7", "5e-7"]),
  ])
  func ticksAreRound(low: Double, high: Double, labels: [String]) {
    #expect(Ticks(in: low...high, about: 5).labels == labels)
  }

  @Test func ticksNeverTrap() {
    for range in [0.0...0, 1e300...1e300, -1e308...1e308, 0...Double.leastNonzeroMagnitude, 1e16...(1e16 + 2), -1e-300...1e-300, 1e15...(1e15 + 0.5)] {
      for count in [-1, 0, 1, 5, 100] {
        let ticks = Ticks(in: range, about: count)
        #expect(!ticks.values.isEmpty && ticks.values.count == ticks.labels.count && ticks.values.count <= 250)
      }
    }
  }

  @Test func drawsASeriesInItsColor() throws {
    var plot = Plot(series: [.init("", points: [Point(x: 0, y: 0.5), Point(x: 1, y: 0.5)], color: Color(red: 1, green: 0, blue: 0))])
    plot.yRange = 0...1
    let image = try plot.image()
    #expect(image.width == 900 && image.height == 600)
    let red = (0..<image.width * image.height).filter { image.pixels[3 * $0] > 240 && image.pixels[3 * $0 + 1] < 20 && image.pixels[3 * $0 + 2] < 20 }
    #expect(red.count > 700 && Set(red.map { $0 / 900 }).count <= 5)
  }

  @Test func barsStandOnZeroSideBySide() throws {
    let red = Color(red: 1, green: 0, blue: 0), blue = Color(red: 0, green: 0, blue: 1)
    var plot = Plot(series: [
      .init("", points: [Point(x: 0, y: 1), Point(x: 1, y: 2)], style: .bars, color: red),
      .init("", points: [Point(x: 0, y: 2), Point(x: 1, y: -1)], style: .bars, color: blue),
    ])
    plot.xNames = ["one", "two"]
    plot.yRange = -2...2
    let image = try plot.image(), pixels = (0..<image.width * image.height).map { Array(image.pixels[3 * $0..<3 * $0 + 3]) }
    func rows(_ color: [UInt8], left: Bool) -> (count: Int, first: Int, columns: Set<Int>) {
      let places = pixels.indices.filter { pixels[$0] == color && ($0 % 900 < 480) == left }
      return (Set(places.map { $0 / 900 }).count, places.map { $0 / 900 }.min() ?? 0, Set(places.map { $0 % 900 }))
    }
    let a = rows([255, 0, 0], left: true), b = rows([255, 0, 0], left: false), c = rows([0, 0, 255], left: true), d = rows([0, 0, 255], left: false)
    // Twice as high a number, twice as high a bar; the negative one hangs below where the others stand.
    #expect(a.count > 80 && abs(b.count - 2 * a.count) <= 3 && abs(c.count - b.count) <= 1 && abs(d.count - a.count) <= 3)
    #expect(d.first >= a.first + a.count - 2 && a.columns.isDisjoint(with: c.columns) && a.columns.max()! < c.columns.min()! && b.columns.max()! < d.columns.min()!)
    plot.xNames = ["one", "a name"]
    #expect(try plot.image() != image)
    plot.yRange = nil
    plot.xNames = []
    #expect(try plot.image().width == 900)
  }

  @Test func oddNumbersNeverTrap() throws {
    let odd: [[Point]] = [
      [], [Point(x: 1, y: 1)], [Point(x: .nan, y: 1), Point(x: 2, y: .infinity)], [Point(x: 0, y: 0), Point(x: .nan, y: 0), Point(x: 1, y: 1)],
      [Point(x: -1e308, y: 1e308), Point(x: 1e308, y: -1e308)], [Point(x: 5, y: 5), Point(x: 5, y: 5)],
    ]
    for points in odd {
      for style in [Plot.Series.Style.line, .scatter, .lineAndScatter, .bars] {
        var plot = Plot(title: "t", xLabel: "x", yLabel: "y", series: [.init("s", points: points, style: style)])
        #expect(try plot.image().width == 900)
        (plot.width, plot.height) = (1, 1)
        #expect(try plot.image().width == 1)
      }
    }
  }

  @Test func sizesThatCannotBeDrawnAreErrors() {
    var plot = Plot()
    plot.width = 0
    #expect(throws: ImageError.self) { try plot.image() }
  }
}
