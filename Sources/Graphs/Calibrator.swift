import Kernels
import Tensors

/// Runs a graph and notes between which numbers the inputs of its convolutions lie.
///
/// ```swift
/// var calibrator = Calibrator(graph)
/// for picture in pictures { calibrator.observe([picture]) }
/// let program = graph.compiled(precision: .int8(calibrator.calibration))
/// ```
public struct Calibrator {
  /// What has been seen so far.
  public private(set) var calibration = Calibration()
  private let arena: Arena
  /// The convolutions whose inputs are the program's outputs, in order.
  private let names: [[String]]

  public init(_ graph: Graph, processor: Processor = .default, preparation: Preparation = .thorough) {
    var seen = graph.fused()
    var names: [Graph.Index: [String]] = [:]
    for node in seen.nodes where node.operation is Convolution2D { names[node.inputs[0], default: []].append(node.name) }
    seen.outputs = names.keys.sorted()
    self.names = seen.outputs.map { names[$0]! }
    arena = Arena(for: Program(seen, processor: processor, preparation: preparation))
  }

  /// Runs the graph on these inputs. A range is the widest that any run needs; numbers that are not finite are not counted.
  public mutating func observe(_ inputs: [Tensor]) {
    for (index, input) in inputs.enumerated() { arena.setInput(index, to: input) }
    arena.run()
    for (index, names) in names.enumerated() {
      let values = arena.output(index)
      var lower: Float = 0, upper: Float = 0  // zero is always one of the bytes
      let span = values.span
      for place in span.indices where span[place].isFinite {
        lower = min(lower, span[place])
        upper = max(upper, span[place])
      }
      for name in names {
        let before = calibration.ranges[name] ?? Calibration.Range(lower: 0, upper: 0)
        calibration.ranges[name] = Calibration.Range(lower: min(before.lower, lower), upper: max(before.upper, upper))
      }
    }
  }
}
