import Kernels
import Learning
import Tensors

/// The loss of a canvas and its gradient by the pixels, at one scale: in one run of a program, or window by window where memory is short.
///
/// In windows the losses are those of the whole canvas all the same: the first pass adds up the windows' Gram matrices, the second takes each window's gradient
/// with those of all others beside its own.
final class StyleObjective {
  let tiling: Tiling
  private let program: StyleProgram
  private let targets: StyleTargets
  private let settings: StyleSettings
  private let network: PerceptualNetwork
  /// What each part of the loss is multiplied by so that 1 is far from the target; how much it then weighs; how the loss as a whole is scaled for optimisers.
  private let norms, shares: [Double]
  private static let scale = 1e4
  /// The largest share that any region has of each pixel, for three channels; nil if the style goes everywhere.
  let stylized: Tensor?

  /// - Parameter side: the largest side of a window.
  init(_ targets: StyleTargets, height: Int, width: Int, settings: StyleSettings, network: PerceptualNetwork, side: Int, processor: Processor) {
    self.targets = targets
    self.settings = settings
    self.network = network
    let reach = (settings.contentLayers + settings.styleLayers).map { network.features.reach(of: $0) }.max() ?? 0
    tiling = Tiling(height: height, width: width, reach: reach, side: side)
    let plan = StyleProgram.Plan(
      height: tiling.windowHeight, width: tiling.windowWidth, contentLayers: settings.contentLayers, styleLayers: settings.styleLayers,
      regions: targets.regions.count, isPart: !tiling.isWhole)
    program = StyleProgram(network, plan, processor: processor)

    let floor = 1e-12  // a target of zeros, such as a black style's in a network without biases
    let regionSums = targets.regions.map { $0.elements.reduce(0) { $0 + Double($1) } }, regionSum = regionSums.reduce(0, +)
    var norms = targets.content.map { 1 / max($0.squareSum, floor) }
    var shares = settings.contentLayers.map { _ in settings.contentWeight / Double(settings.contentLayers.count) }
    for (region, grams) in targets.styles.enumerated() {
      let part = targets.styles.count > 1 ? regionSums[region] / regionSum : 1
      for gram in grams {
        norms.append(1 / max(gram.squareSum, floor))
        shares.append(settings.styleWeight * part / Double(grams.count))
      }
    }
    norms.append(1 / (3 * 255 * 255 * Double(height * width)))
    shares.append(settings.variationWeight)
    self.norms = norms
    self.shares = shares
    stylized = targets.regions.isEmpty ? nil : Self.union(targets.regions)
    program.setWeights(Tensor([plan.partCount], zip(norms, shares).map { Float($0 * $1 * Self.scale) }))
    for (region, grams) in targets.styles.enumerated() {
      for (layer, gram) in grams.enumerated() { program.setStyle(gram, region: region, layer: layer) }
    }
    if tiling.isWhole { prepare(tiling.windows[0]) }
  }

  /// Bytes of working memory beside the weights.
  var arenaBytes: Int { program.arenaBytes }

  /// - Parameter pixels: less the network's means.
  /// - Returns: the losses, and what optimisers are to make small: the weighted sum, scaled, and its gradient.
  func evaluate(_ pixels: Tensor) -> (losses: StyleLosses, objective: Double, gradient: Tensor) {
    var parts: [Double], gradient: Tensor
    if tiling.isWhole {
      program.run(pixels)
      parts = program.parts.map(Double.init)
      gradient = program.gradient
    } else {
      (parts, gradient) = evaluateInWindows(pixels)
    }
    if let stylized { gradient = gradient * stylized }
    let relative = zip(parts, norms).map { $0 * $1 }, total = zip(relative, shares).reduce(0) { $0 + $1.0 * $1.1 }
    let contents = settings.contentLayers.count, styles = settings.styleLayers.count
    let regions = targets.styles.count
    let losses = StyleLosses(
      contentLayers: settings.contentLayers.enumerated().map { .init(name: $0.element, loss: relative[$0.offset]) },
      styleLayers: settings.styleLayers.enumerated().map { layer, name in
        let all = (0..<regions).map { relative[contents + $0 * styles + layer] }
        return .init(name: name, loss: all.reduce(0, +) / Double(regions))
      },
      variation: relative[relative.count - 1], total: total)
    return (losses, total * Self.scale, gradient)
  }

  private func evaluateInWindows(_ pixels: Tensor) -> ([Double], Tensor) {
    let plan = program.plan, contents = plan.contentLayers.count
    let none = plan.styleLayers.map { layer in Tensor(gramShape(layer)) }
    var found: [[Tensor]] = [], sums: [Tensor] = []
    func forEachGram(_ body: (_ index: Int, _ region: Int, _ layer: Int) -> Void) {
      for region in 0..<plan.regionCount { for layer in none.indices { body(region * none.count + layer, region, layer) } }
    }
    func run(_ window: Tiling.Window) {
      prepare(window)
      program.run(pixels.cropped(top: window.top, left: window.left, height: tiling.windowHeight, width: tiling.windowWidth))
    }
    for window in tiling.windows {
      forEachGram { _, region, layer in program.setRest(none[layer], region: region, layer: layer) }
      run(window)
      var grams: [Tensor] = []
      forEachGram { _, region, layer in grams.append(program.gram(region: region, layer: layer)) }
      found.append(grams)
      sums = sums.isEmpty ? grams : zip(sums, grams).map { $0 + $1 }
    }
    var parts = [Double](repeating: 0, count: plan.partCount), gradient = Tensor(pixels.shape)
    for (index, window) in tiling.windows.enumerated() {
      forEachGram { place, region, layer in program.setRest(sums[place] - found[index][place], region: region, layer: layer) }
      run(window)
      let own = program.parts
      for part in own.indices {
        // Contents and differences add up; the style's parts are those of the whole canvas each time.
        if part < contents || part == own.count - 1 { parts[part] += Double(own[part]) } else { parts[part] = Double(own[part]) }
      }
      add(program.gradient, at: window, to: &gradient)
    }
    return (parts, gradient)
  }

  private func gramShape(_ layer: String) -> Shape {
    let channels = VGGFeatures.channels[network.features.block(of: layer)!]
    return [channels, channels]
  }

  private func add(_ part: Tensor, at window: Tiling.Window, to whole: inout Tensor) {
    let source = part.span, rows = tiling.windowHeight, columns = tiling.windowWidth, height = tiling.height, width = tiling.width
    whole.withMutableSpan { target in
      for channel in 0..<3 {
        for row in 0..<rows {
          let to = (channel * height + window.top + row) * width + window.left, from = (channel * rows + row) * columns
          for column in 0..<columns { target[to + column] += source[from + column] }
        }
      }
    }
  }

  /// Sets what depends on the window.
  private func prepare(_ window: Tiling.Window) {
    let factors = settings.contentLayers.map { 1 << network.features.block(of: $0)! }
    for (layer, factor) in factors.enumerated() {
      let maps = targets.content[layer]
      program.setContent(
        maps.cropped(
          top: window.top / factor, left: window.left / factor, height: tiling.windowHeight / factor, width: tiling.windowWidth / factor), layer: layer)
    }
    guard program.plan.isMasked else { return }
    let ones = Tensor([1, 1, tiling.height, tiling.width], repeating: 1), regions = targets.regions.isEmpty ? [ones] : targets.regions
    for (region, mask) in regions.enumerated() {
      for (layer, name) in settings.styleLayers.enumerated() {
        let factor = 1 << network.features.block(of: name)!
        program.setMask(tiling.interior(of: mask.averaged(by: factor).normalized, factor: factor, in: window), region: region, layer: layer)
      }
    }
    guard program.plan.isPart else { return }
    for (layer, factor) in factors.enumerated() {
      program.setInside(tiling.interior(of: ones.averaged(by: factor), factor: factor, in: window), layer: layer)
    }
    let inside = tiling.interior(of: ones, factor: 1, in: window)
    // A difference belongs to its upper or left pixel.
    program.setVariationMasks([
      inside.cropped(top: 0, left: 0, height: tiling.windowHeight - 1, width: tiling.windowWidth),
      inside.cropped(top: 0, left: 0, height: tiling.windowHeight, width: tiling.windowWidth - 1),
    ])
  }

  private static func union(_ regions: [Tensor]) -> Tensor {
    let plane = regions[0].count
    var result = Tensor([1, 3, regions[0].shape[2], regions[0].shape[3]])
    for region in regions {
      let source = region.span
      result.withMutableSpan { target in for index in target.indices { target[index] = max(target[index], source[index % plane]) } }
    }
    return result
  }
}
