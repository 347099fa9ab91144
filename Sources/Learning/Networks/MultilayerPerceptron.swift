public import Kernels
public import Tensors

/// a_l = f(W_l · a_{l−1} + b_l) for all layers but the last, which gives logits without f: Rumelhart et al., “Learning representations by
/// back-propagating errors”, 1986.
///
///     let network = MultilayerPerceptron([12288, 20, 7, 5, 1], using: &random)  // 4 layers for pictures of 64×64: cat or not
///
/// x is [batch, …] and is flattened to `sizes.first` numbers; the logits are [batch, `sizes.last`].
public struct MultilayerPerceptron: Layer {
  public var layers: [Linear]
  public let activation: Activation
  /// What part of each hidden layer's numbers is dropped in training.
  public let dropout: Float

  /// - Parameter sizes: of the input, of each hidden layer, and how many logits.
  public init(
    _ sizes: [Int], activation: Activation = .relu, dropout: Float = 0, initializer: Initializer = .heNormal, using random: inout RandomNumbers
  ) {
    precondition(sizes.count >= 2 && sizes.allSatisfy { $0 > 0 }, "expected the sizes of an input and of at least one layer, found \(sizes)")
    layers = []
    for (inputs, outputs) in zip(sizes, sizes.dropFirst()) { layers.append(Linear(inputs, outputs, initializer: initializer, using: &random)) }
    self.activation = activation
    self.dropout = dropout
  }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node {
    let drop = Dropout(dropout)
    let hidden = layers.dropLast().reduce(x.flattened) { drop($1($0).activated(activation), phase: phase) }
    return layers[layers.count - 1](hidden)
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws { try visitor.visit("layers", &layers) }
}
