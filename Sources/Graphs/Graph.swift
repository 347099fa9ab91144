import Kernels
import Tensors

/// A computation: a flat array of nodes, each naming its inputs by their positions. Inputs stand before the nodes that use them, so the array's order is an
/// order of execution. A value: passes take a graph and return another.
///
/// ```swift
/// var graph = Graph()
/// let image = graph.input("image", [1, 3, 416, 416])
/// let weight = graph.constant("stem.weight", tensor)
/// let stem = try graph.append(Convolution2D(padding: .all(1)), [image, weight], name: "stem")
/// graph.outputs = [try graph.append(Activate(.relu), [stem])]
/// ```
public struct Graph: Sendable {
  /// The position of a node in its graph.
  public typealias Index = Int

  /// What a node computes, of which nodes, and how large the result is.
  public struct Node: Sendable {
    public var operation: any Operation
    public var inputs: [Index]
    public var shape: Shape
    /// What the model calls this node: `layer 3` or `stem.weight`.
    public var name: String
    /// How the result lies in memory, if it is feature maps: see the pass ``Graph/choosingLayouts(lanes:)``.
    public internal(set) var layout = MapLayout.plain
  }

  public private(set) var nodes: [Node] = []
  /// The nodes whose values a run returns, in this order.
  public var outputs: [Index] = []

  public init() {}

  /// Adds a place for a value that each run is given.
  public mutating func input(_ name: String, _ shape: Shape) -> Index {
    nodes.append(Node(operation: Input(), inputs: [], shape: shape, name: name))
    return nodes.count - 1
  }

  /// Adds a value that does not change: a weight.
  public mutating func constant(_ name: String, _ value: Tensor) -> Index {
    nodes.append(Node(operation: Constant(value), inputs: [], shape: value.shape, name: name))
    return nodes.count - 1
  }

  /// Adds a node that applies `operation` to earlier nodes.
  ///
  /// - Throws: ``ShapeError`` when the shapes of the inputs do not fit the operation; it names the operation, the node and the shapes.
  @discardableResult
  public mutating func append(_ operation: some Operation, _ inputs: [Index], name: String = "") throws(ShapeError) -> Index {
    precondition(inputs.allSatisfy(nodes.indices.contains), "a node's inputs must stand before it")
    let shapes = inputs.map { nodes[$0].shape }
    do throws(ShapeError) {
      guard shapes.allSatisfy({ shape in shape.indices.allSatisfy { shape[$0] > 0 } }) else { throw ShapeError("every size must be positive") }
      let shape = try operation.shape(of: shapes)
      guard shape.isCountable else { throw ShapeError("the result of \(shape) is larger than memory can be") }
      nodes.append(Node(operation: operation, inputs: inputs, shape: shape, name: name))
    } catch {
      throw error.located(in: operation.name, node: name, inputs: shapes)
    }
    return nodes.count - 1
  }

  /// Adds a node of another graph, with inputs of this one.
  mutating func copy(_ node: Node, inputs: [Index]) -> Index {
    var node = node
    node.inputs = inputs
    nodes.append(node)
    return nodes.count - 1
  }

  /// Gives a node another operation, with a result of the same shape and layout.
  mutating func replaceOperation(of index: Index, by operation: some Operation) { nodes[index].operation = operation }

  public subscript(index: Index) -> Node { nodes[index] }

  /// The nodes that wait for a value, in the order in which they were added.
  public var inputs: [Index] { nodes.indices.filter { nodes[$0].operation is Input } }

  /// The value of a node that is a constant, else nil.
  public func constantValue(_ index: Index) -> Tensor? { (nodes[index].operation as? Constant)?.value }

  /// The nodes that use each node; an output of the graph counts as one more use in ``isOutput(_:)``.
  public func users() -> [[Index]] {
    var users = [[Index]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { users[input].append(index) }
    }
    return users
  }

  public func isOutput(_ index: Index) -> Bool { outputs.contains(index) }
}
