import Kernels
import Tensors

/// Which memory layouts an operation can work in: see ``Operation/layoutSupport(inputs:output:lanes:)``.
public enum LayoutSupport: Sendable {
  /// Plain operands without borders, and a plain result.
  case plain
  /// All maps, operands and result, with the same number of lanes, 1 or the vector's; borders of any width, better all the same if `wantsOneBorder`. Inputs
  /// that are not maps are plain.
  case uniform(isMaps: [Bool], wantsOneBorder: Bool = false)
  /// Inputs with these lanes and at least these borders, `plain` where they are not maps, and a result with so many lanes and a border of any width.
  case fixed(inputs: [MapLayout], outputLanes: Int)

  /// What the operation asks of input number `index`, if maps go with `lanes` in the uniform case.
  func requirement(ofInput index: Int, lanes: Int) -> (layout: MapLayout, isExact: Bool) {
    switch self {
    case .plain: (.plain, true)
    case .uniform(let isMaps, _): isMaps[index] ? (MapLayout(lanes: lanes), false) : (.plain, true)
    case .fixed(let inputs, _): (inputs[index], inputs[index].isPlain)
    }
  }

  /// Uniform layouts if the result is feature maps, to which all inputs of rank 4 belong.
  static func elementwise(inputs: [Shape], output: Shape) -> LayoutSupport {
    output.rank == 4 ? .uniform(isMaps: inputs.map { $0.rank == 4 }) : .plain
  }

  /// Whether the result can be written with a border around it.
  var writesBorders: Bool { if case .plain = self { false } else { true } }
}

extension Graph.Node {
  /// How the value lies in memory.
  var maps: FeatureMaps { shape.maps(in: layout) }
}

extension Shape {
  /// How feature maps of this shape lie in `layout`; anything else lies as it is.
  func maps(in layout: MapLayout) -> FeatureMaps {
    rank == 4
      ? FeatureMaps(batch: batch, channels: channels, height: height, width: width, layout: layout)
      : FeatureMaps(batch: 1, channels: 1, height: 1, width: count)
  }

  /// How many floats maps of this shape take in `layout`.
  func count(in layout: MapLayout) -> Int { layout.isPlain ? count : maps(in: layout).count }
}
