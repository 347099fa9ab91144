import ArgumentParser
import Learning
import StyleTransfer

/// What `stylize` weighs and how it goes on.
struct StylizeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How the result comes about: from step to step.", valueName: "optimize")) var method = "optimize"
  @Option(help: ArgumentHelp("The longer side of the result, in pixels.", valueName: "n")) var size = StyleSettings().size
  @Option(help: ArgumentHelp("Steps at each scale.", valueName: "n")) var iterations = StyleSettings().iterations
  @Option(help: ArgumentHelp("How much the style counts.", valueName: "weight")) var styleWeight = StyleSettings().styleWeight
  @Option(help: ArgumentHelp("How much the content counts.", valueName: "weight")) var contentWeight = StyleSettings().contentWeight
  @Option(help: ArgumentHelp("How much smoothness counts.", valueName: "weight")) var tvWeight = StyleSettings().variationWeight
  @Option(help: ArgumentHelp("How much each of several styles counts, separated by commas.", valueName: "a,b")) var blend: String?
  @Option(help: ArgumentHelp("The style picture's size, as a part of the result's: larger strokes above 1.", valueName: "factor"))
  var styleScale = StyleSettings().styleScale
  @Option(help: ArgumentHelp("How many sizes to go through, each half of the next.", valueName: "n")) var scales = StyleSettings().scales
  @Option(help: ArgumentHelp("Keep the content's colours: all but brightness, or by matching the style's colours first.", valueName: "luminance|histogram"))
  var preserveColor: StyleSettings.Colors?
  @Option(name: .customLong("init"), help: ArgumentHelp("What to begin with.", valueName: "content|noise")) var start = StyleSettings().start
  @Option(help: ArgumentHelp("The method.", valueName: "lbfgs|adam")) var optimizer = StyleSettings().method
  @Option(help: ArgumentHelp("Of Adam, in grey levels (default: 4); of L-BFGS, a part of its usual step.", valueName: "rate")) var learningRate: Double?
  @Option(help: ArgumentHelp("What the noise follows from.", valueName: "n")) var seed = StyleSettings().seed
  @Option(help: ArgumentHelp("How the network shrinks its maps.", valueName: "max|average")) var pool = StyleSettings().pooling
  @Option(help: ArgumentHelp("Layers whose features are to be the content's, separated by commas.", valueName: "layers"))
  var contentLayers = StyleSettings().contentLayers.joined(separator: ",")
  @Option(help: ArgumentHelp("Layers whose statistics are to be the style's.", valueName: "layers"))
  var styleLayers = StyleSettings().styleLayers.joined(separator: ",")
  @Option(help: ArgumentHelp("Work in windows so that not much more memory than this is taken, such as 800M or 2G.", valueName: "bytes")) var maxMemory: String?
  @Option(help: ArgumentHelp("A VGG-16 or -19: safetensors, PyTorch or Keras (default: vgg16-hed of percept models).", valueName: "file"), completion: .file())
  var model: String?
  @Option(help: ArgumentHelp("How that network wants its pictures (default: caffe for Keras files, else torchvision).", valueName: "caffe|torchvision"))
  var modelInput: PerceptualNetwork.Convention?

  func validate() throws {
    func atLeast(_ least: Int, _ value: Int, _ name: String, most: Int = 1 << 20) throws {
      guard (least...most).contains(value) else { throw ValidationError("\(name) takes a whole number from \(least) to \(most), found \(value).") }
    }
    func weight(_ value: Double, _ name: String) throws {
      guard value.isFinite, value >= 0 else { throw ValidationError("\(name) takes a number from 0 up, found \(value).") }
    }
    guard method == "optimize" else { throw ValidationError("--method takes optimize, found \(method); networks that stylise in one pass are not part of percept yet.") }
    try atLeast(16, size, "--size", most: 16_384)
    try atLeast(1, iterations, "--iterations")
    try atLeast(1, scales, "--scales", most: 8)
    try weight(styleWeight, "--style-weight")
    try weight(contentWeight, "--content-weight")
    try weight(tvWeight, "--tv-weight")
    guard styleWeight > 0 || contentWeight > 0 else { throw ValidationError("One of --style-weight and --content-weight must be above 0.") }
    guard styleScale.isFinite, styleScale > 0, styleScale <= 16 else { throw ValidationError("--style-scale takes a number above 0 and up to 16, found \(styleScale).") }
    if let learningRate, !learningRate.isFinite || learningRate <= 0 { throw ValidationError("--learning-rate takes a number above 0, found \(learningRate).") }
    guard preserveColor != .style else { throw ValidationError("--preserve-color takes luminance or histogram.") }
    if blend != nil, try blended() == nil { throw ValidationError("--blend takes numbers from 0 up separated by commas, not all 0, found \(blend ?? "").") }
    if maxMemory != nil, memoryLimit == nil { throw ValidationError("--max-memory takes a size such as 800M or 2G, found \(maxMemory ?? "").") }
    guard modelInput == nil || model != nil else { throw ValidationError("--model-input describes the network of --model: name that, too.") }
    guard !names(contentLayers).isEmpty, !names(styleLayers).isEmpty else { throw ValidationError("--content-layers and --style-layers take names such as relu4_2.") }
    guard Set(names(contentLayers)).count == names(contentLayers).count, Set(names(styleLayers)).count == names(styleLayers).count else {
      throw ValidationError("--content-layers and --style-layers name each layer once.")
    }
  }

  /// - Parameter styles: how many there are.
  func settings() throws -> StyleSettings {
    var settings = StyleSettings()
    (settings.size, settings.iterations, settings.scales, settings.styleScale) = (size, iterations, scales, styleScale)
    (settings.contentWeight, settings.styleWeight, settings.variationWeight) = (contentWeight, styleWeight, tvWeight)
    settings.blend = try blended() ?? []
    settings.colors = preserveColor ?? .style
    (settings.start, settings.method, settings.learningRate, settings.seed, settings.pooling) = (start, optimizer, learningRate, seed, pool)
    (settings.contentLayers, settings.styleLayers, settings.memoryLimit) = (names(contentLayers), names(styleLayers), memoryLimit)
    return settings
  }

  private func names(_ list: String) -> [String] { list.split(separator: ",").map { String($0.filter { $0 != " " }) } }

  /// The numbers of `--blend`; nil if there are none, or they make no sense.
  func blended() throws -> [Double]? {
    guard let blend else { return nil }
    let numbers = blend.split(separator: ",", omittingEmptySubsequences: false).map { Double($0.filter { $0 != " " }) }
    let weights = numbers.compactMap { $0 }.filter { $0.isFinite && $0 >= 0 }
    return weights.count == numbers.count && weights.contains { $0 > 0 } ? weights : nil
  }

  private var memoryLimit: Int? {
    guard let maxMemory, let last = maxMemory.last else { return nil }
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
    let number = units[last] == nil ? maxMemory : String(maxMemory.dropLast())
    guard let value = Double(number), value > 0, value < 1e6 || units[last] == nil, value < 1e15 else { return nil }
    return Int(value * Double(units[last] ?? 1))
  }
}

extension StyleSettings.Colors: ExpressibleByArgument {}
extension StyleSettings.Start: ExpressibleByArgument {}
extension StyleSettings.Method: ExpressibleByArgument {}
extension VGGFeatures.Pooling: ExpressibleByArgument {}
extension PerceptualNetwork.Convention: ExpressibleByArgument {}
