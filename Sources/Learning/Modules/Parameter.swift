import Graphs
public import Tensors

/// A tensor that belongs to a module: learned, or gathered while learning.
public struct Parameter: Sendable {
  public enum Kind: Hashable, Sendable {
    /// Changed along its gradient.
    case learned
    /// A running statistic, which training steps change, but not along a gradient.
    case statistic
  }

  public var value: Tensor
  public let kind: Kind
  /// Whether training leaves it as it is: see ``Module/freeze()``.
  public var isFrozen = false
  /// Its input and its place among the parameters, while a training step is recorded.
  var recorded: (input: Graph.Index, place: Int)?

  public init(_ value: Tensor, _ kind: Kind = .learned) {
    self.value = value
    self.kind = kind
  }

  /// Its value in a graph: an input where it is trained, else a constant.
  public func node(in recorder: Recorder, name: String = "parameter") -> Node {
    recorded.map { Node(recorder, $0.input) } ?? recorder.constant(value, name: name)
  }
}
