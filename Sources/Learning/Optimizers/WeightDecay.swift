import Tensors

/// How parameters are drawn towards zero, beside their gradients.
public struct WeightDecay: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// g ← g + λ p, the gradient of ½ λ ‖p‖²: what adaptive optimisers then scale as they do gradients.
    case l2
    /// p ← p − α λ p before the step: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
    case decoupled
  }

  public var kind: Kind
  /// λ
  public var factor: Float
  /// Whether parameters of fewer than two axes, such as biases and the factors of a normalisation, are left alone.
  public var sparesVectors: Bool

  public static let none = l2(0)

  public static func l2(_ factor: Float, sparingVectors: Bool = false) -> WeightDecay {
    WeightDecay(kind: .l2, factor: factor, sparesVectors: sparingVectors)
  }

  public static func decoupled(_ factor: Float, sparingVectors: Bool = false) -> WeightDecay {
    WeightDecay(kind: .decoupled, factor: factor, sparesVectors: sparingVectors)
  }

  /// λ of L2 and what decoupled decay leaves of a parameter, for one of the given shape.
  func factors(for shape: Shape, rate: Float) -> (penalty: Float, kept: Float) {
    if sparesVectors && shape.rank < 2 { return (0, 1) }
    switch kind {
    case .l2: return (factor, 1)
    case .decoupled: return (0, Float(1 - Double(rate) * Double(factor)))
    }
  }
}
