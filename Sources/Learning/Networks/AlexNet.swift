public import Tensors

/// AlexNet in its form for one processor: Krizhevsky, “One weird trick for parallelizing convolutional neural networks”, 2014.
///
/// | stage | result, of 3×224×224 |
/// |---|---|
/// | 11×11 / 4, relu, 3×3 / 2 maximum | 64×27×27 |
/// | 5×5, relu, 3×3 / 2 maximum | 192×13×13 |
/// | 3×3, relu | 384×13×13 |
/// | 3×3, relu | 256×13×13 |
/// | 3×3, relu, 3×3 / 2 maximum | 256×6×6 |
/// | dropout, linear, relu | units |
/// | dropout, linear, relu | units |
/// | linear | classes |
///
/// Layers and names of parameters are those of torchvision's `alexnet`, so its files fit. Pictures of other sizes are averaged to 6×6 maps.
public struct AlexNet: Layer {
  public var features, classifier: Sequential

  public init(classes: Int = 1000, units: Int = 4096, dropout: Float = 0.5, using random: inout RandomNumbers) {
    let rectifier = Function(relu)
    features = Sequential(
      Conv2D(3, 64, kernel: 11, stride: 4, padding: .all(2), using: &random), rectifier, MaxPool2D(3, stride: 2),
      Conv2D(64, 192, kernel: 5, padding: .all(2), using: &random), rectifier, MaxPool2D(3, stride: 2),
      Conv2D(192, 384, kernel: 3, padding: .all(1), using: &random), rectifier,
      Conv2D(384, 256, kernel: 3, padding: .all(1), using: &random), rectifier,
      Conv2D(256, 256, kernel: 3, padding: .all(1), using: &random), rectifier, MaxPool2D(3, stride: 2))
    classifier = Sequential(
      Dropout(dropout), Linear(256 * 6 * 6, units, using: &random), rectifier,
      Dropout(dropout), Linear(units, units, using: &random), rectifier,
      Linear(units, classes, using: &random))
  }

  /// - Parameter x: [batch, 3, height, width], 63 pixels or more a side.
  /// - Returns: logits, [batch, classes].
  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let maps = AdaptiveAveragePool2D(height: 6, width: 6)(features(x, phase: phase))
    return classifier(maps.flattened, phase: phase)
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("features", &features)
    try visitor.visit("classifier", &classifier)
  }
}
