import Foundation
import Kernels
import Learning
import Media
import StyleTransfer
import Tensors
import Testing

/// Whole runs of a random network on small pictures: what each setting does.
@Suite struct StylizationTests {
  private let network = smallNetwork()

  private func settings(_ change: (inout StyleSettings) -> Void = { _ in }) -> StyleSettings {
    var settings = StyleSettings()
    (settings.size, settings.scales, settings.iterations) = (48, 1, 4)
    (settings.contentLayers, settings.styleLayers) = (["relu2_2"], ["relu1_1", "relu2_1"])
    change(&settings)
    return settings
  }

  private func run(
    _ content: Image? = nil, styles: [Image]? = nil, masks: [Image] = [], previous: Image? = nil, _ change: (inout StyleSettings) -> Void = { _ in }
  ) throws -> Stylization {
    let run = try Stylization(
      network: network, content: content ?? disc(48, 40), styles: styles ?? [waves(60, 50)], masks: masks, previous: previous, settings: settings(change))
    while !run.isDone { try run.step() }
    return run
  }

  /// The mean difference of two pictures' bytes.
  private func difference(_ a: Image, _ b: Image) -> Double {
    zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(a.pixels.count)
  }

  // MARK: the objective

  /// Along several directions, the loss changes as its gradient says.
  @Test(arguments: ["plain", "masked", "maximum"]) func theGradientIsTheLosses(kind: String) throws {
    let mask = Image(width: 48, height: 40, filledWith: (255, 255, 255))
    let run = try Stylization(
      network: network, content: disc(48, 40), styles: [waves(60, 50), waves(30, 40, hue: 0.6)], masks: kind == "masked" ? [mask, disc(48, 40)] : [],
      settings: settings { $0.variationWeight = 5; $0.pooling = kind == "maximum" ? .max : .average; $0.start = .noise })
    let x = run.values, gradient = run.evaluate(x).gradient
    var random = RandomNumbers(seed: 4)
    for _ in 0..<3 {
      // Along the gradient with some noise: large enough a change for single precision.
      let size = (gradient.reduce(0) { $0 + $1 * $1 } / Float(gradient.count)).squareRoot()
      let direction = gradient.map { $0 / size + random.normal() }
      func value(_ step: Float) -> Double { run.evaluate(zip(x, direction).map { $0 + step * $1 }).objective }
      let slope = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }, found = (value(0.05) - value(-0.05)) / 0.1
      #expect(abs(found - slope) < 0.01 * abs(slope), "\(found), expected \(slope)")
    }
  }

  /// Windows with common statistics are the whole.
  @Test func windowsGiveTheLossAndGradientOfTheWhole() throws {
    func made(_ limit: Int?, masks: [Image]) throws -> Stylization {
      try Stylization(
        network: network, content: disc(200, 160), styles: [waves(60, 50)], masks: masks,
        settings: settings { $0.size = 200; $0.memoryLimit = limit; $0.variationWeight = 5; $0.start = .noise })
    }
    for masks in [[], [disc(100, 80)]] {
      let whole = try made(nil, masks: masks), parts = try made(530 << 20, masks: masks)
      #expect(whole.windowCount == 1 && parts.windowCount > 2)
      let a = whole.evaluate(whole.values), b = parts.evaluate(whole.values)
      #expect(abs(a.objective - b.objective) < 1e-4 * a.objective)
      for (x, y) in zip(a.losses.styleLayers + a.losses.contentLayers, b.losses.styleLayers + b.losses.contentLayers) {
        #expect(x.name == y.name && abs(x.loss - y.loss) < 1e-4 * x.loss)
      }
      #expect(abs(a.losses.variation - b.losses.variation) < 1e-5 * a.losses.variation)
      // As a whole: where rounding turns a ReLU on or off, single pixels differ by more.
      let squares = a.gradient.reduce(0) { $0 + Double($1 * $1) }, errors = zip(a.gradient, b.gradient).reduce(0) { $0 + pow(Double($1.0 - $1.1), 2) }
      #expect(errors < 1e-4 * squares, "\(errors / squares)")
      #expect(parts.workingBytes < whole.workingBytes)
    }
    #expect(throws: StyleError.self) { try made(100 << 20, masks: []) }
  }

  // MARK: what each setting does

  @Test func lossesFall() throws {
    for method in StyleSettings.Method.allCases {
      let run = try run { $0.method = method; $0.iterations = 10 }
      #expect(run.history.count == 10 && run.restarts.isEmpty && run.losses().total < 0.5 * run.history[0].total, "\(method)")
      #expect(run.losses().style < run.history[0].style)
    }
  }

  @Test func weightsWeigh() throws {
    let usual = try run().losses()
    #expect(try run { $0.styleWeight = 200 }.losses().style < usual.style)
    #expect(try run { $0.contentWeight = 50 }.losses().content < usual.content)
    #expect(try run { $0.variationWeight = 500 }.losses().variation < 0.7 * usual.variation)
  }

  @Test func blendsAreBetweenTheirStyles() throws {
    let a = waves(60, 50), b = waves(60, 50, period: 5, hue: 0.6)
    let first = try run(styles: [a]).picture(), second = try run(styles: [b]).picture()
    #expect(try run(styles: [a, b]) { $0.blend = [2, 0] }.picture() == first && run(styles: [a, b]) { $0.blend = [0, 1] }.picture() == second)
    let both = try run(styles: [a, b]).picture()
    #expect(difference(both, first) > 1 && difference(both, second) > 1)
    #expect(try run(styles: [a, b]) { $0.blend = [3, 3] }.picture() == both)
  }

  @Test func stylesGoWhereTheirMasksAre() throws {
    let content = disc(48, 40)
    var left = Image(width: 48, height: 40, filledWith: (0, 0, 0)), right = left
    for row in 0..<40 { for column in 0..<48 { for channel in 0..<3 { (column < 24 ? { left.pixels[$0] = 255 } : { right.pixels[$0] = 255 })((row * 48 + column) * 3 + channel) } } }
    func half(_ image: Image, _ x: Int) -> Image { image.cropped(x: x, y: 0, width: 24, height: 40)! }
    let one = try run(content, masks: [left]) { $0.start = .noise }.picture()
    #expect(half(one, 24) == half(content, 24) && difference(half(one, 0), half(content, 0)) > 5)
    let a = waves(60, 50), b = waves(60, 50, period: 5, hue: 0.6)
    let two = try run(content, styles: [a, b], masks: [left, right]).picture(), swapped = try run(content, styles: [b, a], masks: [left, right]).picture()
    #expect(difference(two, swapped) > 3 && difference(half(two, 24), half(content, 24)) > 3)
    #expect(throws: StyleError.self) { try run(masks: [Image(width: 4, height: 4, filledWith: (0, 0, 0))]) }
  }

  @Test func colorsAreKept() throws {
    let content = disc(48, 40)
    /// The content's pixels by hue, in twelve classes, weighted by saturation.
    func hues(_ image: Image) -> [Double] {
      var classes = [Double](repeating: 0, count: 12)
      for pixel in stride(from: 0, to: image.pixels.count, by: 3) {
        let rgb = (0..<3).map { Double(image.pixels[pixel + $0]) }, most = rgb.max()!, least = rgb.min()!, range = most - least
        guard range > 8 else { continue }
        let sector = most == rgb[0] ? (rgb[1] - rgb[2]) / range : most == rgb[1] ? 2 + (rgb[2] - rgb[0]) / range : 4 + (rgb[0] - rgb[1]) / range
        classes[Int(((sector + 6) * 2).rounded()) % 12] += 1
      }
      let sum = max(1, classes.reduce(0, +))
      return classes.map { $0 / sum }
    }
    func distance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / 2 }
    let style = [waves(60, 50, hue: 0.35)], free = try run(styles: style) { $0.styleWeight = 100 }.picture()
    let kept = try run(styles: style) { $0.styleWeight = 100; $0.colors = .luminance }.picture()
    #expect(distance(hues(kept), hues(content)) < 0.1 && distance(hues(free), hues(content)) > 0.2)
    #expect(difference(kept, content) > 2)  // only the colours are the content's
    func mean(_ image: Image) -> [Double] { (0..<3).map { c in stride(from: c, to: image.pixels.count, by: 3).reduce(0) { $0 + Double(image.pixels[$1]) } / Double(image.pixels.count / 3) } }
    let matched = try run(styles: style) { $0.styleWeight = 100; $0.colors = .histogram }.picture()
    func off(_ image: Image) -> Double { zip(mean(image), mean(content)).reduce(0) { $0 + abs($1.0 - $1.1) } }
    #expect(off(matched) < 0.8 * off(free), "\(off(matched)), \(off(free))")
  }

  @Test func chanceFollowsFromTheSeed() throws {
    let a = try run { $0.start = .noise; $0.seed = 7 }.picture()
    #expect(try run { $0.start = .noise; $0.seed = 7 }.picture() == a && run { $0.start = .noise; $0.seed = 8 }.picture() != a)
    #expect(try run().picture() != a && run().picture() == run { $0.seed = 9 }.picture())  // no chance from the content
  }

  @Test func otherSettingsChangeThePicture() throws {
    let usual = try run().picture()
    #expect(try run { $0.pooling = .max }.picture() != usual && run { $0.styleScale = 2 }.picture() != usual)
    #expect(try run { $0.method = .adam }.picture() != usual && run { $0.learningRate = 0.3 }.picture() != usual)
    #expect(try run { $0.contentLayers = ["relu1_2"] }.picture() != usual && run { $0.styleLayers = ["relu1_1"] }.picture() != usual)
    let coarse = try run(disc(96, 80)) { $0.size = 128; $0.scales = 2; $0.iterations = 2 }
    #expect(coarse.history.count == 4 && coarse.width == 128 && coarse.height == 107)
    #expect(try run(disc(96, 80)) { $0.size = 128; $0.iterations = 2 }.picture() != coarse.picture())
    #expect(throws: StyleError.self) { try run { $0.styleLayers = ["relu3_4"] } }
  }

  @Test func aFilmGoesOnFromTheFrameBefore() throws {
    let before = waves(48, 40, hue: 0.8), run = try Stylization(
      network: network, content: disc(48, 40), styles: [waves(60, 50)], previous: before, settings: settings { $0.scales = 3 })
    #expect(run.stepCount == 4 && difference(run.picture(), before) < 1)
  }

  // MARK: what comes in

  @Test func sizesOfAllKindsAndAlpha() throws {
    for (width, height) in [(1, 1), (40, 1), (1, 40), (33, 17), (500, 3)] {
      let result = try run(waves(width, height)) { $0.iterations = 1 }.picture()
      #expect(max(result.width, result.height) == 48 && result.width == max(1, Int((48 * Double(width) / Double(max(width, height))).rounded())))
    }
    var pixels: [UInt8] = []
    for pixel in 0..<48 * 40 { pixels += [200, 100, 50, UInt8(pixel % 256)] }
    let result = try run(Image(width: 48, height: 40, layout: .rgba, pixels: pixels)).picture()
    #expect(result.layout == .rgba && (0..<48 * 40).allSatisfy { result.pixels[4 * $0 + 3] == UInt8($0 % 256) })
  }

  @Test func plainPicturesAreNoTrouble() throws {
    let grey = Image(width: 30, height: 30, filledWith: (128, 128, 128)), black = Image(width: 30, height: 30, filledWith: (0, 0, 0))
    for colors in StyleSettings.Colors.allCases {
      #expect(try run(styles: [grey]) { $0.colors = colors }.losses().total.isFinite && run(grey) { $0.colors = colors }.losses().total.isFinite)
      #expect(try run(black, styles: [black]) { $0.colors = colors }.losses().total.isFinite)
    }
  }

  // MARK: astray, and on again

  @Test func whatGoesAstrayBeginsAnewWithSmallerSteps() throws {
    let run = try run { $0.method = .adam; $0.learningRate = 3000; $0.iterations = 6 }
    #expect(!run.restarts.isEmpty && run.restarts[0].contains("1/4") && run.history.count == 6)
    #expect(run.losses().total.isFinite)
    do {
      _ = try self.run { $0.method = .adam; $0.learningRate = 1e30; $0.iterations = 6 }
      Issue.record("such steps lead nowhere")
    } catch { #expect("\(error)".contains("--learning-rate") && "\(error)".contains("iteration 1")) }
  }

  @Test(arguments: StyleSettings.Method.allCases) func aCheckpointGoesOnAsIfNothingHadBeen(method: StyleSettings.Method) throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("run.safetensors").path
      func made(_ iterations: Int = 6, content: Image? = nil, weight: Double = 10) throws -> Stylization {
        try Stylization(
          network: network, content: content ?? disc(100, 80), styles: [waves(60, 50)],
          settings: settings { $0.method = method; $0.iterations = iterations; $0.size = 128; $0.scales = 2; $0.styleWeight = weight })
      }
      let whole = try made(), first = try made()
      while !whole.isDone { try whole.step() }
      for _ in 0..<9 { try first.step() }
      try first.writeCheckpoint(to: path)
      let second = try made()
      try second.resume(from: path)
      #expect(second.stepsDone == 9 && second.history.count == 9)
      while !second.isDone { try second.step() }
      #expect(second.picture() == whole.picture() && second.history.count == whole.history.count)

      // Another run's, or a damaged one.
      #expect(throws: StyleError.self) { try made(content: waves(100, 80)).resume(from: path) }
      #expect(throws: StyleError.self) { try made(weight: 11).resume(from: path) }
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path)), cut = folder.appendingPathComponent("cut.safetensors")
      for count in [0, 7, 100, 2000, bytes.count / 2, bytes.count - 1] {
        try bytes.prefix(count).write(to: cut)
        let run = try made()
        do {
          try run.resume(from: cut.path)
          Issue.record("\(count) bytes were taken")
        } catch { #expect("\(error)".contains("cut.safetensors")) }
      }
    }
  }
}
