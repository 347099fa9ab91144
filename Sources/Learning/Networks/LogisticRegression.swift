import Tensors

/// z = w · x + b, of which σ(z) is the probability that the answer is yes (Cox 1958): one ``Linear`` layer of one unit.
///
/// x is [batch, …], such as pictures, and is flattened; the logits are [batch, 1]. Train it with `logisticCrossEntropy`, which has σ in itself.
public struct LogisticRegression: Layer {
  public var linear: Linear

  /// Weights and bias begin as zeros: the loss has one minimum, and nothing is gained by chance.
  public init(inputs: Int) {
    var unused = RandomNumbers(seed: 0)
    linear = Linear(inputs, 1, initializer: .zeros, using: &unused)
  }

  public func callAsFunction(_ x: Node, phase: Phase) -> Node { linear(x.flattened) }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws { try visitor.visit("linear", &linear) }
}
