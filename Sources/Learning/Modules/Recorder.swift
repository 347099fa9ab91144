public import Graphs
import Kernels
public import Tensors

/// Records what modules compute as a ``Graph``.
///
/// ```swift
/// let recorder = Recorder()
/// let images = recorder.input("images", [1, 3, 64, 64])
/// let graph = recorder.graph(returning: [network(images, phase: .inference)])
/// ```
/// Parameters that were not announced by ``parameters(of:)`` are constants: their weights are packed once, and batch normalisation is folded into them.
public final class Recorder {
  public private(set) var graph = Graph()
  /// What a training step makes of a statistic, such as a running mean: the statistic's place among the parameters, and its new value.
  private(set) var updates: [(parameter: Int, value: Node)] = []
  /// The value that a run is given so that each one drops other elements.
  private(set) var seed: Node?
  private var streams = 0

  public init() {}

  /// A value that each run is given.
  public func input(_ name: String, _ shape: Shape) -> Node { Node(self, graph.input(name, shape)) }

  public func constant(_ value: Tensor, name: String = "constant") -> Node { Node(self, graph.constant(name, value)) }

  /// Adds an operation.
  ///
  /// - Precondition: the shapes fit: a network whose sizes do not is a programmer's mistake, told with the operation, the node and the shapes.
  public func append(_ operation: some Graphs.Operation, _ inputs: [Node], name: String = "") -> Node {
    do throws(ShapeError) { return Node(self, try graph.append(operation, inputs.map(\.index), name: name)) } catch { fatalError("\(error)") }
  }

  /// The graph so far, with these results.
  public func graph(returning outputs: [Node]) -> Graph {
    graph.outputs = outputs.map(\.index)
    return graph
  }

  /// Adds the gradients of `loss`, a single number, by some values.
  ///
  /// - Precondition: all operations on the way have gradients.
  public func gradients(of loss: Node, by values: [Node]) -> [Node] {
    do throws(ShapeError) { return try graph.gradients(of: loss.index, by: values.map(\.index)).map { Node(self, $0) } } catch { fatalError("\(error)") }
  }

  func update(parameter: Int, to value: Node) { updates.append((parameter, value)) }

  /// Two numbers, of which the first differs from run to run and the second from call to call.
  func seeds() -> Node {
    let seed = self.seed ?? input("seed", [1])
    self.seed = seed
    streams += 1
    return append(Concatenate(axis: 0), [seed, constant(Tensor([1], [Float(streams)]), name: "stream")])
  }
}

/// Whether a network learns or is used: dropout drops, and batch normalisation takes the statistics of the batch, in training alone.
public enum Phase: Hashable, Sendable {
  case training, inference
}
