public import Learning
public import Tensors

/// A network that classifies square pictures of one size.
///
/// | kind | network, for pictures of n×n | pictures |
/// |---|---|---|
/// | `logistic` | one layer: 3n² → outputs | 64×64 |
/// | `perceptron` | 3n² → 64 → 32 → outputs, ReLU, dropout | 64×64 |
/// | `cnn` | four 3×3 convolutions of 16 to 128 maps with batch norm, each halved, mean of each map, dropout, linear | 64×64 |
/// | `resnet18` | ``ResNet/resNet18(classes:channels:width:using:)`` | 64×64 |
/// | `transfer` | ``EfficientNetLite0`` with its published weights, of which a new last layer alone is learned | 224×224 |
/// | `finetune` | the same, of which all is learned | 224×224 |
///
/// Pixels are from 0 to 255 and become c / 127.5 − 1. Two classes have one logit, more have one each.
public struct PictureNetwork: Layer {
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case logistic, perceptron, cnn, resnet18, transfer, finetune

    /// The side of the pictures, unless somebody says otherwise.
    public var side: Int { isPretrained ? EfficientNetLite0.side : 64 }
    /// Whether it begins with published weights.
    public var isPretrained: Bool { self == .transfer || self == .finetune }
  }

  public let kind: Kind
  var body: any Layer

  /// - Parameters:
  ///   - classes: two at least.
  ///   - backbone: what `transfer` and `finetune` begin with; nil for random weights, as before a file is read.
  public init(_ kind: Kind, side: Int, classes: Int, backbone: EfficientNetLite0? = nil, using random: inout RandomNumbers) {
    precondition(side > 0 && classes >= 2, "pictures of \(side)×\(side) in \(classes) classes")
    let inputs = 3 * side * side, outputs = Self.logits(ofClasses: classes)
    self.kind = kind
    switch kind {
    case .logistic: body = MultilayerPerceptron([inputs, outputs], initializer: .zeros, using: &random)
    case .perceptron: body = MultilayerPerceptron([inputs, 64, 32, outputs], dropout: 0.2, using: &random)
    case .cnn: body = SmallCNN(outputs: outputs, using: &random)
    case .resnet18: body = ResNet.resNet18(classes: outputs, using: &random)
    case .transfer, .finetune:
      var network = backbone ?? EfficientNetLite0(using: &random)
      network.fc = Linear(1280, outputs, initializer: .zeros, using: &random)
      body = network
    }
  }

  public static func logits(ofClasses count: Int) -> Int { count == 2 ? 1 : count }

  /// Whether it averages maps at its end, so that what speaks for a class can be shown place by place.
  public var hasMaps: Bool { body is any MapClassifier }

  /// - Parameter x: [batch, 3, side, side], from 0 to 255.
  /// - Returns: logits, [batch, 1] or [batch, classes].
  public func callAsFunction(_ x: Node, phase: Phase) -> Node { body(scaled(x), phase: phase) }

  func scaled(_ x: Node) -> Node { x * (1 / 127.5) - 1 }

  /// Another last layer, for `transfer` and `finetune`.
  mutating func setHead(_ head: Linear) {
    guard var network = body as? EfficientNetLite0 else { return }
    network.fc = head
    body = network
  }

  /// The names are those of the network itself.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    func open(_ layer: inout some Layer) throws { try layer.visitParameters(&visitor) }
    try open(&body)
  }
}

/// A network whose last maps are averaged and go through one linear layer: what speaks for a class can be shown place by place.
protocol MapClassifier: Layer {
  func features(_ x: Node, phase: Phase) -> Node
  var fc: Linear { get }
}

extension EfficientNetLite0: MapClassifier {}
extension ResNet: MapClassifier {}
extension SmallCNN: MapClassifier {}
