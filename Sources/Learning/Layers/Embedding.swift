import Graphs
import Kernels
public import Tensors

/// y[…, :] = table[ids[…], :]: a vector for each of so many things, such as words. The input is whole numbers as floats.
public struct Embedding: Layer {
  /// [count, width]
  public var weight: Parameter

  public init(_ count: Int, _ width: Int, initializer: Initializer = .normal(deviation: 1), using random: inout RandomNumbers) {
    weight = Parameter(initializer.tensor([count, width], using: &random))
  }

  public func callAsFunction(_ ids: Node, phase: Phase = .inference) -> Node { weight.node(in: ids.recorder).applying(TableLookup(), ids) }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws { try visitor.visit("weight", &weight) }
}
