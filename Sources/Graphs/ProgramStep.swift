import Tensors

/// One step of a ``Program``, for listings and measurements.
public struct ProgramStep: Sendable {
  /// The term for the operation, and what the model calls the node.
  public let operation, node: String
  /// The node's position in the graph that values have got their layouts in.
  let index: Graph.Index
  /// The shape of the result.
  public let shape: Shape
  /// How the operation is computed where there is a choice, such as `winograd F(4×4)`; else empty.
  public let detail: String
  /// How many pairs of a multiplication and an addition the operation's formula has, whatever the algorithm saves of them; 0 where they are not what costs time.
  public let multiplyAdds: Int
  /// Whether the step only brings a value into the layout that the next one wants.
  public let isLayoutChange: Bool
  /// How many bytes are read and written when each operand, weights among them, is read once and the result written once.
  public let bytes: Int
}

extension ProgramStep {
  init(_ node: Graph.Node, at index: Graph.Index, call: KernelCall, at site: Site) {
    self.index = index
    operation = node.operation.name
    self.node = node.name
    shape = node.shape
    detail = call.detail
    isLayoutChange = node.operation is ChangeLayout
    multiplyAdds = node.operation.multiplyAdds(for: site)
    bytes = site.inputs.reduce(node.shape.count) { $0 + $1.count } * MemoryLayout<Float>.stride
  }
}
