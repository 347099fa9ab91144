import Detection
import Testing

@Suite struct PicturePlacementTests {
  @Test(arguments: [
    (768, 576, 416, 416, [0, 52, 416, 312]), (640, 424, 416, 416, [0, 70, 416, 275]), (424, 640, 416, 416, [70, 0, 275, 416]),
    (1352, 900, 416, 416, [0, 70, 416, 276]), (500, 500, 416, 416, [0, 0, 416, 416]), (100, 50, 320, 608, [0, 224, 320, 160]),
    (773, 512, 416, 416, [0, 70, 415, 275]), (10000, 1, 416, 416, [0, 207, 416, 1]), (1, 10000, 416, 416, [207, 0, 1, 416]), (1, 1, 32, 32, [0, 0, 32, 32]),
  ])
  func letterboxRoundsDown(width: Int, height: Int, inputWidth: Int, inputHeight: Int, expected: [Int]) {
    let placement = PicturePlacement(.letterbox, pictureWidth: width, pictureHeight: height, inputWidth: inputWidth, inputHeight: inputHeight)
    #expect([placement.x, placement.y, placement.width, placement.height] == expected)
  }

  @Test func everyLetterboxFillsOneSideAndStaysInside() {
    for width in stride(from: 1, through: 900, by: 13) {
      for height in stride(from: 1, through: 900, by: 17) {
        let placement = PicturePlacement(.letterbox, pictureWidth: width, pictureHeight: height, inputWidth: 416, inputHeight: 352)
        #expect(placement.width >= 415 || placement.height >= 351)
        #expect(placement.x >= 0 && placement.y >= 0 && placement.x + placement.width <= 416 && placement.y + placement.height <= 352)
      }
    }
  }

  @Test(arguments: PictureFit.allCases)
  func boxesReturnFromTheInput(_ fit: PictureFit) {
    for (width, height) in [(768, 576), (31, 997), (4000, 3000), (5, 3)] {
      let placement = PicturePlacement(fit, pictureWidth: width, pictureHeight: height, inputWidth: 416, inputHeight: 608)
      for box in [Box(x: 3, y: 4, width: 50, height: 20), Box(x: -9.5, y: 700, width: 0.25, height: 1e4)] {
        let back = placement.pictureBox(placement.inputBox(box))
        for (a, b) in [(back.x, box.x), (back.y, box.y), (back.width, box.width), (back.height, box.height)] {
          #expect(abs(a - b) < 1e-9 * (abs(b) + 1))
        }
      }
      let whole = Box(x: 0, y: 0, width: Double(width), height: Double(height)), inside = placement.inputBox(whole)
      #expect(abs(inside.x * 416 - Double(placement.x)) < 1e-9 && abs(inside.width * 416 - Double(placement.width)) < 1e-9)
      #expect(abs(inside.y * 608 - Double(placement.y)) < 1e-9 && abs(inside.height * 608 - Double(placement.height)) < 1e-9)
    }
  }

  @Test func stretchFillsTheInput() {
    let placement = PicturePlacement(.stretch, pictureWidth: 300, pictureHeight: 100, inputWidth: 416, inputHeight: 416)
    #expect(placement.pictureBox(Box(x: 0, y: 0, width: 1, height: 1)) == Box(x: 0, y: 0, width: 300, height: 100))
  }
}
