public import Kernels
import Learning
public import Media
import Tensors

/// A content picture that takes on the manner of style pictures, step by step: Gatys, Ecker and Bethge, “Image style transfer using convolutional neural
/// networks”, 2016, from coarse to fine.
///
/// ```swift
/// var run = try Stylization(network: network, content: photo, styles: [painting], settings: StyleSettings())
/// while !run.isDone { try run.step() }
/// try saveImage(run.picture(), to: "result.png")
/// ```
public final class Stylization {
  public let settings: StyleSettings
  /// Of the result.
  public let width, height: Int
  /// The losses that were found last in each step so far, over all scales.
  public private(set) var history: [StyleLosses] = []
  /// Which scale is being worked on, from 0, and how many of its steps are done.
  public private(set) var scale = 0
  public private(set) var iteration = 0
  /// How often a scale was begun anew with smaller steps, for it went astray.
  public private(set) var restarts: [String] = []

  private let network: PerceptualNetwork
  private let content: Image
  private let styles, masks: [Image]
  /// The result of the frame before, to begin with.
  private let previous: Image?
  private let processor: Processor

  /// Of the scale that is being worked on.
  private var objective: StyleObjective!
  /// Less the network's means; what the scale began with.
  private(set) var pixels = Tensor([1, 3, 1, 1])
  private var beginning = Tensor([1, 3, 1, 1])
  private var optimizer = PixelOptimizer.adam(Adam())
  private var attempts = 1
  private var watch = DivergenceWatch()

  static let attemptLimit = 5
  /// How far the canvas goes beyond the picture on each side: near its edge features see less, and what grows there is cut off at the end.
  static let border = 16

  /// - Parameters:
  ///   - masks: none, one for all styles, or one for each; white where a style goes. They take the content's size.
  ///   - previous: a picture to begin with at the largest scale alone, such as the result for the frame before.
  /// - Throws: ``StyleError`` for layers that the network lacks, an empty mask, or too little memory.
  public init(
    network: PerceptualNetwork, content: Image, styles: [Image], masks: [Image] = [], previous: Image? = nil, settings: StyleSettings,
    processor: Processor = .default
  ) throws(StyleError) {
    precondition(!styles.isEmpty && [0, 1, styles.count].contains(masks.count))
    for layer in settings.contentLayers + settings.styleLayers where network.features.block(of: layer) == nil {
      throw .noLayer(name: layer, known: network.features.layers)
    }
    for (place, mask) in masks.enumerated() where !mask.compositedOnWhite().pixels.contains(where: { $0 > 0 }) { throw .emptyMask(place) }
    var settings = settings, chosen = network
    chosen.features.pooling = settings.pooling
    if previous != nil { settings.scales = 1 }
    self.settings = settings
    self.network = chosen
    self.content = content
    self.styles = styles
    self.masks = masks
    self.previous = previous
    self.processor = processor
    (width, height) = Image.size(width: content.width, height: content.height, side: settings.size)
    try prepare(from: nil)
  }

  public var isDone: Bool { scale >= settings.sides.count }

  /// How many steps there are in all, and how many are done.
  public var stepCount: Int { settings.sides.count * settings.iterations }
  public var stepsDone: Int { min(stepCount, scale * settings.iterations + iteration) }

  /// One step; the last of a scale goes on to the next.
  ///
  /// - Returns: the losses that were found last in the step: Adam's before it moves, those of L-BFGS usually where it ends.
  /// - Throws: ``StyleError/diverged(what:iteration:size:attempts:)`` when the steps lead astray however small they are.
  @discardableResult public func step() throws(StyleError) -> StyleLosses? {
    guard !isDone else { return nil }
    var losses: StyleLosses?
    let objective = objective!, outcome = optimizer.step(&pixels, rate: rate, on: processor) { pixels in
      let found = objective.evaluate(pixels)
      losses = found.losses
      return (found.objective, found.gradient)
    }
    let problem = outcome == .diverged ? "the loss is no finite number" : losses.flatMap { watch.problem(after: $0.total, pixels, of: network) }
    if let problem {
      try restart(after: problem)
      return losses
    }
    if let losses { history.append(losses) }
    iteration += 1
    if iteration >= settings.iterations || outcome == .ended { try advance() }
    return losses
  }

  /// The loss that is made small and its gradient, for pixels less the network's means.
  package func evaluate(_ values: [Float]) -> (losses: StyleLosses, objective: Double, gradient: [Float]) {
    let found = objective.evaluate(Tensor(pixels.shape, values))
    return (found.losses, found.objective, found.gradient.elements)
  }

  /// The pixels so far, less the network's means: red, green, blue.
  package var values: [Float] { pixels.elements }

  /// The losses of the picture so far.
  public func losses() -> StyleLosses { objective.evaluate(pixels).losses }

  /// The picture so far, in the result's size, with the content's alpha.
  public func picture() -> Image {
    let size = size(ofScale: min(scale, settings.sides.count - 1))
    var planes = pixels.shifted(by: network.means).cropped(top: Self.border, left: Self.border, height: size.height, width: size.width)
    planes = planes.resized(height: height, width: width)
    let original = content.fitted(width: width, height: height)
    let source = StyleTransfer.planes(of: original)
    if settings.colors == .luminance { planes = recolored(planes, by: source) }
    if !masks.isEmpty { planes = composed(planes, over: source) }
    return image(of: planes, width: width, height: height, alpha: original)
  }

  /// How long the steps that are left will take, in seconds: from the time of a step of this scale, and the sizes of those that follow.
  public func estimatedSeconds() -> Double {
    guard !isDone else { return 0 }
    _ = objective.evaluate(pixels)  // the first run touches memory for the first time
    let clock = ContinuousClock(), start = clock.now
    _ = objective.evaluate(pixels)
    let once = (clock.now - start) / .seconds(1), side = Double(settings.sides[scale])
    // L-BFGS asks for the loss a little more often than once a step.
    let usual = settings.method == .lbfgs ? 1.1 : 1
    return settings.sides.enumerated().dropFirst(scale).reduce(0) { sum, next in
      let steps = settings.iterations - (next.offset == scale ? iteration : 0), ratio = Double(next.element) / side
      return sum + usual * Double(steps) * once * ratio * ratio
    }
  }

  /// Bytes of working memory of the scale that is being worked on, beside the network's weights.
  public var workingBytes: Int { objective.arenaBytes }

  /// Into how many windows the canvas is cut.
  public var windowCount: Int { objective.tiling.windows.count }

  var rate: Double? {
    let shrunk = 1 / Double(1 << (2 * (attempts - 1)))
    return settings.learningRate.map { $0 * shrunk } ?? (attempts > 1 ? shrunk * (settings.method == .adam ? 4 : 1) : nil)
  }

  /// Begins the scale anew with steps of a quarter of the size.
  private func restart(after problem: String) throws(StyleError) {
    let side = settings.sides[scale]
    guard attempts < Self.attemptLimit else { throw .diverged(what: problem, iteration: iteration + 1, size: side, attempts: attempts) }
    attempts += 1
    restarts.append("\(problem) in iteration \(iteration + 1) at \(side) pixels: beginning anew with steps of 1/\(1 << (2 * (attempts - 1))) of their size")
    history.removeLast(min(iteration, history.count))
    iteration = 0
    begin(with: beginning)
  }

  private func advance() throws(StyleError) {
    scale += 1
    iteration = 0
    attempts = 1
    if isDone { return }
    try prepare(from: pixels)
  }

  /// Makes the scale's targets and program ready.
  ///
  /// - Returns: the content's canvas, less the network's means.
  private func prepareObjective() throws(StyleError) -> Tensor {
    objective = nil  // its memory goes before the next takes its own
    let side = settings.sides[scale], size = size(ofScale: scale)
    let plain = planes(of: content.fitted(width: size.width, height: size.height))
    let source = settings.colors == .luminance ? luminance(of: plain) : plain
    let canvas = source.padded(toMultiplesOf: Tiling.step, border: Self.border), height = canvas.shape[2], width = canvas.shape[3]
    let regions = masks.map { mask in share(mask, width: size.width, height: size.height).padded(toMultiplesOf: Tiling.step, border: Self.border) }
    let budget = try MemoryBudget(settings, network: network, height: height, width: width)
    let styles = styles.map { style in
      let scaled = planes(of: style.scaled(toSide: max(Tiling.step, Int((Double(side) * settings.styleScale).rounded()))))
      return switch settings.colors {
      case .style: scaled
      case .luminance: brightnessMatched(luminance(of: scaled), to: source)
      case .histogram: colorsMatched(scaled, to: plain)
      }
    }
    let targets = StyleTargets(
      content: canvas, styles: styles, masks: regions, settings: settings, network: network,
      features: FeatureProgram(network, side: min(budget.side, 640), processor: processor))
    objective = StyleObjective(targets, height: height, width: width, settings: settings, network: network, side: budget.side, processor: processor)
    historyLimit = budget.history
    return canvas.shifted(by: network.means.map { -$0 })
  }

  /// Goes to the scale that is next, and begins it with what the one before ended with, if there was one.
  private func prepare(from last: Tensor?) throws(StyleError) {
    let base = try prepareObjective(), size = size(ofScale: scale)
    var first = base
    if let previous {
      let shown = planes(of: previous.fitted(width: size.width, height: size.height))
      first = (settings.colors == .luminance ? luminance(of: shown) : shown).padded(toMultiplesOf: Tiling.step, border: Self.border).shifted(by: network.means.map { -$0 })
    } else if let last {
      let before = self.size(ofScale: scale - 1)
      // What no picture can show is cut off, or it would grow from scale to scale.
      first = last.cropped(top: Self.border, left: Self.border, height: before.height, width: before.width).shifted(by: network.means).clipped
        .resized(height: size.height, width: size.width).padded(toMultiplesOf: Tiling.step, border: Self.border).shifted(by: network.means.map { -$0 })
    } else if settings.start == .noise {
      var random = RandomNumbers(seed: settings.seed)
      first = Tensor(base.shape, normalWith: 40, using: &random)
    }
    // Where no style goes, the content stays.
    if let stylized = objective.stylized, first != base { first = base + (first - base) * stylized }
    begin(with: first)
  }

  /// Takes up a run where it was. Nothing can be done with this one if that fails.
  func resume(
    scale: Int, iteration: Int, attempts: Int, history: [StyleLosses], pixels: Tensor, beginning: Tensor, optimizer state: [String: Tensor]
  ) throws(StyleError) -> StateError? {
    (self.scale, self.iteration, self.attempts, self.history) = (scale, iteration, attempts, history)
    let base = try prepareObjective()
    guard pixels.shape == base.shape, beginning.shape == base.shape else { return .shape(name: "pixels", found: pixels.shape, expected: base.shape) }
    begin(with: beginning)
    self.pixels = pixels
    do throws(StateError) { try optimizer.restore(state, shape: base.shape, rate: rate) } catch { return error }
    if iteration >= settings.iterations { try advance() }
    return nil
  }

  private func size(ofScale scale: Int) -> (width: Int, height: Int) {
    Image.size(width: content.width, height: content.height, side: settings.sides[scale])
  }

  /// How much a mask lets through, from 0 to 1: [1, 1, height, width].
  private func share(_ mask: Image, width: Int, height: Int) -> Tensor {
    let shown = luminance(of: planes(of: mask.fitted(width: width, height: height))), count = width * height
    return Tensor([1, 1, height, width], shown.elements.prefix(count).map { $0 / 255 })
  }

  private var historyLimit = MemoryBudget.usualHistory

  private func begin(with first: Tensor) {
    beginning = first
    pixels = first
    optimizer = PixelOptimizer(settings.method, rate: rate, history: historyLimit, count: first.count)
    watch = DivergenceWatch()
  }

  /// The result where styles go, the content elsewhere.
  private func composed(_ planes: Tensor, over source: Tensor) -> Tensor {
    var all = Tensor(planes.shape)
    let plane = width * height
    for mask in masks {
      let share = share(mask, width: width, height: height), values = share.span
      all.withMutableSpan { span in for index in span.indices { span[index] = max(span[index], values[index % plane]) } }
    }
    return source + (planes - source) * all
  }

  var attemptCount: Int { attempts }
  var start: Tensor { beginning }
  var optimizerState: [(name: String, tensor: Tensor)] { optimizer.state }
  /// All that the result depends on beside the settings, as a number.
  var fingerprint: UInt64 { StyleTransfer.fingerprint(of: [content] + styles + masks + (previous.map { [$0] } ?? [])) }
}
