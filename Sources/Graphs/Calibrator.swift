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
    arena = Arena(for: Program(seen.fusingElementwise(), processor: processor, preparation: preparation))
  }

  /// Runs the graph on these inputs. A range is the widest that any run needs, but for twenty numbers in a million at each end; numbers that are not
  /// finite are not counted.
  public mutating func observe(_ inputs: [Tensor]) {
    for (index, input) in inputs.enumerated() { arena.setInput(index, to: input) }
    arena.run()
    for (index, names) in names.enumerated() {
      let values = arena.output(index)
      let range = usefulRange(of: values.span)
      for name in names {
        let before = calibration.ranges[name] ?? Calibration.Range(lower: 0, upper: 0)
        calibration.ranges[name] = Calibration.Range(lower: min(before.lower, range.lower), upper: max(before.upper, range.upper))
      }
    }
  }

  /// How many numbers in a million may lie beyond a range, at each end: the finer steps of all others are worth more.
  private static let outliers = 20
  private static let binCount = 4_096

  /// From the smallest to the largest of `values` and zero, without those few at each end that lie furthest out.
  private func usefulRange(of values: Span<Float>) -> Calibration.Range {
    var lower: Float = 0, upper: Float = 0  // zero is always one of the bytes
    for place in values.indices where values[place].isFinite {
      lower = min(lower, values[place])
      upper = max(upper, values[place])
    }
    let step = (upper - lower) / Float(Self.binCount)
    guard step > 0, step.isFinite else { return Calibration.Range(lower: lower, upper: upper) }
    var bins = [Int](repeating: 0, count: Self.binCount)
    for place in values.indices where values[place].isFinite { bins[min(Self.binCount - 1, Int((values[place] - lower) / step))] += 1 }
    let allowed = values.count / (1_000_000 / Self.outliers)
    var first = 0, last = Self.binCount - 1, below = 0, above = 0
    while first < last, below + bins[first] <= allowed {
      below += bins[first]
      first += 1
    }
    while last > first, above + bins[last] <= allowed {
      above += bins[last]
      last -= 1
    }
    let end = last == Self.binCount - 1 ? upper : max(0, lower + Float(last + 1) * step)
    return Calibration.Range(lower: min(0, lower + Float(first) * step), upper: end)
  }
}
