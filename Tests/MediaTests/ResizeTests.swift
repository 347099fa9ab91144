import Media
import Testing

@Suite struct ResizeTests {
  static let methods: [Resampling] = [.bilinear, .areaAverage]

  @Test(arguments: methods, [(1, 1), (3, 50), (50, 3), (13, 9), (64, 64), (131, 7)])
  func aConstantPictureStaysConstant(method: Resampling, size: (Int, Int)) {
    let image = Image(width: 13, height: 9, filledWith: (7, 128, 255))
    #expect(image.resized(width: size.0, height: size.1, by: method) == Image(width: size.0, height: size.1, filledWith: (7, 128, 255)))
  }

  @Test(arguments: methods) func theSameSizeIsTheSamePicture(method: Resampling) {
    let image = testPicture(width: 31, height: 20, layout: .rgba)
    #expect(image.resized(width: 31, height: 20, by: method) == image)
  }

  @Test(arguments: [Image.Layout.rgb, .rgba], [(1, 1), (5, 4), (20, 33), (40, 7), (100, 90)])
  func bilinearFollowsItsFormula(layout: Image.Layout, size: (Int, Int)) {
    let image = testPicture(width: 23, height: 17, layout: layout)
    let resized = image.resized(width: size.0, height: size.1)
    func taps(_ index: Int, _ old: Int, _ new: Int) -> (Int, Int, Double) {
      let position = min(max((Double(index) + 0.5) * Double(old) / Double(new) - 0.5, 0), Double(old - 1))
      let first = Int(position)
      return (first, min(first + 1, old - 1), position - Double(first))
    }
    var worst = 0.0
    for y in 0..<size.1 {
      for x in 0..<size.0 {
        let (left, right, across) = taps(x, 23, size.0), (top, bottom, down) = taps(y, 17, size.1)
        for channel in 0..<image.channels {
          func value(_ x: Int, _ y: Int) -> Double { Double(image.pixels[(y * 23 + x) * image.channels + channel]) }
          let exact =
            (value(left, top) * (1 - across) + value(right, top) * across) * (1 - down)
            + (value(left, bottom) * (1 - across) + value(right, bottom) * across) * down
          worst = max(worst, abs(exact - Double(resized.pixels[(y * size.0 + x) * image.channels + channel])))
        }
      }
    }
    #expect(worst <= 0.501)
  }

  @Test func areaAverageIsTheMeanOfBlocks() {
    let image = testPicture(width: 24, height: 15)
    let shrunk = image.resized(width: 8, height: 3, by: .areaAverage)
    for y in 0..<3 {
      for x in 0..<8 {
        for channel in 0..<3 {
          var sum = 0
          for row in 0..<5 { for column in 0..<3 { sum += Int(image.pixels[((5 * y + row) * 24 + 3 * x + column) * 3 + channel]) } }
          #expect(abs(Double(sum) / 15 - Double(shrunk.pixels[(y * 8 + x) * 3 + channel])) <= 0.501)
        }
      }
    }
  }

  @Test func areaAverageKeepsTheMean() {
    let image = testPicture(width: 101, height: 67)
    func mean(_ image: Image) -> Double { Double(image.pixels.reduce(0) { $0 + Int($1) }) / Double(image.pixels.count) }
    #expect(abs(mean(image) - mean(image.resized(width: 37, height: 19, by: .areaAverage))) < 0.2)
  }

  @Test func cropsToThePicture() throws {
    let image = testPicture(width: 10, height: 8)
    let part = try #require(image.cropped(x: 2, y: 3, width: 4, height: 2))
    #expect(part.width == 4 && part.height == 2)
    #expect(Array(part.pixels.prefix(3)) == Array(image.pixels[96..<99]))
    #expect(image.cropped(x: -5, y: -5, width: 100, height: 100) == image)
    #expect(image.cropped(x: 8, y: 7, width: .max, height: .max)?.width == 2)
    #expect(image.cropped(x: 10, y: 0, width: 5, height: 5) == nil)
    #expect(image.cropped(x: -5, y: 0, width: 5, height: 5) == nil)
    #expect(image.cropped(x: 0, y: 0, width: 0, height: 5) == nil)
    #expect(image.cropped(x: .min, y: 0, width: -1, height: 5) == nil)
  }
}
