public import Tensors

/// VGG-16, configuration D: Simonyan & Zisserman, “Very deep convolutional networks for large-scale image recognition”, 2015.
///
/// | stage | result, of 3×224×224 |
/// |---|---|
/// | 2 × (3×3, relu), 2×2 maximum | 64×112×112 |
/// | 2 × (3×3, relu), 2×2 maximum | 128×56×56 |
/// | 3 × (3×3, relu), 2×2 maximum | 256×28×28 |
/// | 3 × (3×3, relu), 2×2 maximum | 512×14×14 |
/// | 3 × (3×3, relu), 2×2 maximum | 512×7×7 |
/// | 2 × (linear, relu, dropout) | units |
/// | linear | classes |
///
/// Layers and names of parameters are those of torchvision's `vgg16`, so its files fit. Pictures of other sizes are averaged to 7×7 maps.
public struct VGG16: Layer {
  public var features, classifier: Sequential

  public init(classes: Int = 1000, units: Int = 4096, dropout: Float = 0.5, using random: inout RandomNumbers) {
    let rectifier = Function(relu)
    var layers: [any Layer] = [], channels = 3
    for (count, outputs) in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)] {
      for _ in 0..<count {
        layers += [Conv2D(channels, outputs, kernel: 3, padding: .all(1), using: &random), rectifier]
        channels = outputs
      }
      layers.append(MaxPool2D(2))
    }
    features = Sequential(layers)
    classifier = Sequential(
      Linear(512 * 7 * 7, units, using: &random), rectifier, Dropout(dropout),
      Linear(units, units, using: &random), rectifier, Dropout(dropout),
      Linear(units, classes, using: &random))
  }

  /// - Parameter x: [batch, 3, height, width], 32 pixels or more a side.
  /// - Returns: logits, [batch, classes].
  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let maps = AdaptiveAveragePool2D(height: 7, width: 7)(features(x, phase: phase))
    return classifier(maps.flattened, phase: phase)
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("features", &features)
    try visitor.visit("classifier", &classifier)
  }
}
