import Learning
import Tensors

/// Four times 3×3 convolution, batch normalisation, ReLU and 2×2 maximum; the mean of each map, dropout, linear: 100,000 parameters that learn from some
/// hundred pictures.
struct SmallCNN: Layer {
  var units: [ConvolutionUnit] = []
  var fc: Linear

  init(outputs: Int, using random: inout RandomNumbers) {
    var channels = 3
    for maps in [16, 32, 64, 128] {
      units.append(ConvolutionUnit(channels, maps, kernel: 3, using: &random))
      channels = maps
    }
    fc = Linear(channels, outputs, using: &random)
  }

  func features(_ x: Node, phase: Phase) -> Node {
    units.reduce(x) { x, unit in
      let maps = unit(x, phase: phase)
      return min(maps.shape.height, maps.shape.width) < 2 ? maps : MaxPool2D(2)(maps)
    }
  }

  func callAsFunction(_ x: Node, phase: Phase) -> Node {
    fc(Dropout(0.2)(GlobalAveragePool2D()(features(x, phase: phase)), phase: phase))
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("units", &units)
    try visitor.visit("fc", &fc)
  }
}
