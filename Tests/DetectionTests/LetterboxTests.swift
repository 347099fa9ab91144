import Detection
import Media
import Tensors
import TestSupport
import Testing

@Suite struct LetterboxTests {
  func pattern(_ width: Int, _ height: Int) -> Image {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width { for channel in 0..<3 { pixels.append(UInt8((37 * x + 59 * y + 83 * channel + 11 * x * y) % 256)) } }
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  @Test func agreesWithPyTorch() throws {
    let cases = try fixture("resize.json", as: JSON.self)["cases"].list
    #expect(cases.count == 6)
    for reference in cases {
      let from = reference["from"].numbers.map { Int($0) }, to = reference["to"].numbers.map { Int($0) }
      let placement = PicturePlacement(.stretch, pictureWidth: from[0], pictureHeight: from[1], inputWidth: to[0], inputHeight: to[1])
      let input = try placement.input(of: pattern(from[0], from[1]))
      #expect(input.shape == [1, 3, to[1], to[0]])
      for (found, expected) in zip(input.elements, reference["planes"].numbers) { #expect(abs(Double(found) - expected) < 2e-6) }
    }
  }

  @Test func greyLiesAroundThePicture() throws {
    let white = Image(width: 40, height: 10, filledWith: (255, 255, 255))
    let input = try PicturePlacement(.letterbox, pictureWidth: 40, pictureHeight: 10, inputWidth: 16, inputHeight: 16).input(of: white)
    for channel in 0..<3 {
      for y in 0..<16 {
        for x in 0..<16 { #expect(abs(input[0, channel, y, x] - ((6..<10).contains(y) ? 1 : 0.5)) < 1e-6, "\(channel) \(x) \(y)") }
      }
    }
  }

  @Test func theLetterboxedPartIsTheResizedPicture() throws {
    let image = pattern(61, 37)
    let boxed = try PicturePlacement(.letterbox, pictureWidth: 61, pictureHeight: 37, inputWidth: 32, inputHeight: 48).input(of: image)
    let placement = PicturePlacement(.letterbox, pictureWidth: 61, pictureHeight: 37, inputWidth: 32, inputHeight: 48)
    let resized = try PicturePlacement(
      .stretch, pictureWidth: 61, pictureHeight: 37, inputWidth: placement.width, inputHeight: placement.height
    ).input(of: image)
    for channel in 0..<3 {
      for y in 0..<placement.height {
        for x in 0..<placement.width {
          #expect(boxed[0, channel, y + placement.y, x + placement.x] == resized[0, channel, y, x])
        }
      }
    }
  }

  @Test func aScaledCopyLandsInTheSamePlace() throws {
    let placement = PicturePlacement(.letterbox, pictureWidth: 41, pictureHeight: 31, inputWidth: 16, inputHeight: 16)
    let small = Image(width: 21, height: 16, filledWith: (0, 0, 0))  // as a decoder halves 41 × 31
    let input = try placement.input(of: small)
    for y in 0..<16 { #expect(input[0, 0, y, 8] == (placement.y..<placement.y + placement.height ~= y ? 0 : 0.5)) }
  }

  @Test func opaqueAlphaChangesNothingAndClearPixelsAreWhite() throws {
    let image = pattern(19, 14)
    var opaque: [UInt8] = [], clear: [UInt8] = [], half: [UInt8] = []
    for pixel in 0..<19 * 14 {
      opaque += image.pixels[3 * pixel..<3 * pixel + 3] + [255]
      clear += image.pixels[3 * pixel..<3 * pixel + 3] + [0]
      half += [0, 0, 0, 51]
    }
    let placement = PicturePlacement(.stretch, pictureWidth: 19, pictureHeight: 14, inputWidth: 8, inputHeight: 9)
    func input(_ pixels: [UInt8]) throws -> [Float] {
      try placement.input(of: Image(width: 19, height: 14, layout: .rgba, pixels: pixels)).elements
    }
    for (a, b) in try zip(input(opaque), placement.input(of: image).elements) { #expect(abs(a - b) < 1e-6) }
    for value in try input(clear) { #expect(abs(value - 1) < 1e-6) }
    for value in try input(half) { #expect(abs(value - 0.8) < 1e-6) }  // black, a fifth opaque
  }

  @Test func oneChannelIsLuma() throws {
    let placement = PicturePlacement(.letterbox, pictureWidth: 4, pictureHeight: 2, inputWidth: 4, inputHeight: 4)
    let input = try placement.input(of: Image(width: 4, height: 2, filledWith: (255, 0, 51)), channels: 1)
    #expect(input.shape == [1, 1, 4, 4])
    #expect(abs(input[0, 0, 1, 2] - (0.299 + 0.2 * 0.114)) < 1e-6)
    #expect(abs(input[0, 0, 0, 0] - 0.5) < 1e-6)
  }

  @Test func otherChannelCountsAreAnError() {
    let placement = PicturePlacement(.stretch, pictureWidth: 4, pictureHeight: 2, inputWidth: 4, inputHeight: 4)
    #expect(throws: DetectionError.self) { try placement.input(of: Image(width: 4, height: 2, filledWith: (0, 0, 0)), channels: 4) }
    #expect(throws: DetectionError.self) { try placement.input(of: Image(width: 0, height: 2, pixels: [])) }
  }

  /// Prints what it measures, and fails only where the machine could not be that busy.
  @Test(arguments: [(4000, 3000), (768, 576)])
  func isQuick(width: Int, height: Int) throws {
    let image = Image(width: width, height: height, filledWith: (10, 20, 30))
    let placement = PicturePlacement(.letterbox, pictureWidth: width, pictureHeight: height, inputWidth: 416, inputHeight: 416)
    var best = Duration.seconds(60)
    for _ in 0..<20 { best = min(best, try ContinuousClock().measure { _ = try placement.input(of: image) }) }
    print("letterbox of \(width)×\(height) to 416×416: \(best)")
    #expect(best < .milliseconds(30))
  }
}
