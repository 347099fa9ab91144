import Graphs
import Kernels
import Learning
import Tensors

/// One iteration as a program: from the pixels to the parts of the loss and the gradient by the pixels. The network's weights are constants, packed once.
///
/// | input | shape |
/// |---|---|
/// | pixels, less the network's means | [1, 3, height, width] |
/// | of each content layer: its target | as its maps |
/// | of each region and style layer: its target, the Gram matrix over the number of pixels | [channels, channels] |
/// | of each region and style layer, if there are regions: how much each place counts | [1, 1, rows, columns] |
/// | what each part of the loss weighs | [parts] |
///
/// A window of a larger canvas has three more: which places of each content layer it is responsible for, which differences of pixels, and the
/// Gram matrices of all other windows. The gradient is then the window's share of the whole canvas's.
final class StyleProgram {
  struct Plan {
    let height, width: Int
    let contentLayers, styleLayers: [String]
    /// 0 if the style goes everywhere.
    let regions: Int
    /// Whether this is a window of a larger canvas.
    let isPart: Bool
    var regionCount: Int { max(1, regions) }
    var isMasked: Bool { regions > 0 || isPart }
    /// Content layers, styles by region and layer, variation.
    var partCount: Int { contentLayers.count + regionCount * styleLayers.count + 1 }
  }

  let plan: Plan
  private let arena: Arena
  private let processor: Processor
  /// Positions of the inputs, in the order of the table.
  private var contentTargets: [Int] = [], styleTargets: [Int] = [], masks: [Int] = [], insides: [Int] = [], variationMasks: [Int] = [], rests: [Int] = []
  private let pixels, weights: Int

  init(_ network: PerceptualNetwork, _ plan: Plan, processor: Processor) {
    self.plan = plan
    self.processor = processor
    let recorder = Recorder(), wanted = plan.contentLayers + plan.styleLayers
    var count = 0
    func input(_ name: String, _ shape: Shape) -> (node: Node, place: Int) {
      count += 1
      return (recorder.input(name, shape), count - 1)
    }
    let (x, pixels) = input("pixels", [1, 3, plan.height, plan.width])
    var features = network.features
    features.truncate(to: wanted)
    let maps = features(x, at: wanted)
    var parts: [Node] = [], grams: [Node] = []
    for layer in plan.contentLayers {
      let found = maps[layer]!, target = input("content", found.shape)
      contentTargets.append(target.place)
      var difference = found - target.node
      if plan.isPart {
        let inside = input("inside", [1, 1, found.shape[2], found.shape[3]])
        insides.append(inside.place)
        difference = difference * inside.node.broadcast(to: found.shape)
      }
      parts.append(square(difference).sum().reshaped([1]))
    }
    for _ in 0..<plan.regionCount {
      for layer in plan.styleLayers {
        let found = maps[layer]!, channels = found.shape[1], target = input("style", [channels, channels])
        styleTargets.append(target.place)
        var gram: Node
        if plan.isMasked {
          let mask = input("mask", [1, 1, found.shape[2], found.shape[3]])
          masks.append(mask.place)
          gram = gramMatrix(found * mask.node.broadcast(to: found.shape))
        } else {
          gram = gramMatrix(found) * (1 / Float(found.shape[2] * found.shape[3]))
        }
        if plan.isPart {
          grams.append(gram)
          let rest = input("rest", [channels, channels])
          rests.append(rest.place)
          gram = gram + rest.node
        }
        parts.append(square(gram - target.node).sum().reshaped([1]))
      }
    }
    var variation: [Node] = []
    for (axis, size) in [(2, plan.height), (3, plan.width)] {
      var difference = x.slice(axis: axis, 1..<size) - x.slice(axis: axis, 0..<size - 1)
      if plan.isPart {
        let mask = input("variation", [1, 1, difference.shape[2], difference.shape[3]])
        variationMasks.append(mask.place)
        difference = difference * mask.node.broadcast(to: difference.shape)
      }
      variation.append(square(difference).sum())
    }
    parts.append((variation[0] + variation[1]).reshaped([1]))
    let (weights, weightsPlace) = input("weights", [plan.partCount]), all = concatenated(parts, axis: 0)
    let gradient = recorder.gradients(of: (all * weights).sum(), by: [x])[0]
    var preparation = Preparation.thorough
    // A gradient that is right to four digits leads where one of seven does. On larger canvases, which have less memory to spare, the 100 MB more that these tiles'
    // weights take are worth more than a twentieth of the time.
    preparation.allowsLargeTiles = plan.height * plan.width <= 160_000
    arena = Arena(for: recorder.graph(returning: [all, gradient] + grams).compiled(for: processor, preparation: preparation))
    self.pixels = pixels
    self.weights = weightsPlace
  }

  /// Bytes of working memory.
  var arenaBytes: Int { arena.program.memoryPlan.arenaCount * MemoryLayout<Float>.size }

  func setContent(_ target: Tensor, layer: Int) { arena.setInput(contentTargets[layer], to: target) }
  func setInside(_ mask: Tensor, layer: Int) { arena.setInput(insides[layer], to: mask) }
  func setStyle(_ target: Tensor, region: Int, layer: Int) { arena.setInput(styleTargets[place(region, layer)], to: target) }
  func setMask(_ mask: Tensor, region: Int, layer: Int) { arena.setInput(masks[place(region, layer)], to: mask) }
  func setRest(_ gram: Tensor, region: Int, layer: Int) { arena.setInput(rests[place(region, layer)], to: gram) }
  func setVariationMasks(_ masks: [Tensor]) { for (place, mask) in zip(variationMasks, masks) { arena.setInput(place, to: mask) } }
  func setWeights(_ values: Tensor) { arena.setInput(weights, to: values) }

  func run(_ values: Tensor) { arena.run(reading: [(pixels, values)]) }

  /// Of the last run: the parts of the loss without their weights, and the gradient.
  var parts: [Float] { arena.output(0).elements }
  var gradient: Tensor { arena.output(1) }
  /// The window's share of a Gram matrix.
  func gram(region: Int, layer: Int) -> Tensor { arena.output(2 + place(region, layer)) }

  private func place(_ region: Int, _ layer: Int) -> Int { region * plan.styleLayers.count + layer }
}
