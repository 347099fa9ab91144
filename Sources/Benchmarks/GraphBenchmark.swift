import Graphs
import Kernels
import Tensors

extension Benchmark {
  /// A row that runs a network.
  ///
  /// The reference is the same graph without passes, on the plainest kernels, prepared for a few runs: other kernels, and other algorithms where there is a choice.
  /// - Parameter tolerance: how far the results may be from the reference's, as a part of the largest value.
  init(
    _ name: String, tolerance: Float = 1e-4, precision: @escaping @Sendable (Graph) -> Precision = { _ in .float32 },
    graph: @escaping @Sendable () -> Graph
  ) {
    self.init(name) { processor throws(BenchmarkError) in
      let graph = graph()
      let arena = try checkedArena(of: graph, row: name, tolerance: tolerance, precision: precision(graph), on: processor)
      return PreparedBenchmark(work: Work(of: arena.program.steps), run: { arena.run() })
    }
  }

  /// A row that runs a graph whose weights change from run to run: they are inputs, with values of their own.
  init(_ name: String, tolerance: Float, graphAndInputs: @escaping @Sendable () -> (Graph, [Tensor])) {
    self.init(name) { processor throws(BenchmarkError) in
      let (graph, inputs) = graphAndInputs()
      let arena = try checkedArena(of: graph, inputs: inputs, row: name, tolerance: tolerance, on: processor)
      return PreparedBenchmark(work: Work(of: arena.program.steps), run: { arena.run() })
    }
  }

  /// A row that runs one operation on random feature maps, and times it alone: without bringing values into other layouts, and without the lead-in.
  package init(
    _ name: String, on shape: Shape, tolerance: Float = 1e-4,
    _ build: @escaping @Sendable (inout NetworkBuilder, Graph.Index) throws -> Graph.Index
  ) {
    self.init(name) { processor throws(BenchmarkError) in
      let graph = BenchmarkNetwork(name, "") { b in b.finished(try build(&b, b.input(shape))) }.graph().graph
      let arena = try checkedArena(of: graph, row: name, tolerance: tolerance, on: processor), steps = arena.program.steps
      let measured = steps.indices.filter { !steps[$0].isLayoutChange && steps[$0].node != leadIn }
      return PreparedBenchmark(work: Work(of: measured.map { steps[$0] }), detail: measured.first.map { steps[$0].detail } ?? "") {
        let seconds = arena.profile()
        return measured.reduce(0) { $0 + seconds[$1] }
      }
    }
  }
}

/// The name of a node that is there only to give the measured one its operand as a network would: see ``NetworkBuilder/lead(_:)``.
let leadIn = "lead-in"

/// An arena whose program has been run, with a result close to the reference's.
///
/// - Parameter inputs: nil for random ones.
private func checkedArena(
  of graph: Graph, inputs: [Tensor]? = nil, row: String, tolerance: Float, precision: Precision = .float32, on processor: Processor
) throws(BenchmarkError) -> Arena {
  let program = graph.compiled(for: processor, precision: precision), arena = Arena(for: program)
  let inputs = inputs ?? randomInputs(of: program)
  arena.setInputs(inputs)
  arena.run()
  for (index, expected) in Program(graph, processor: processor.plainest, preparation: .quick).run(inputs).enumerated() {
    try expectClose(arena.output(index), expected, tolerance: tolerance, row: row)
  }
  return arena
}

/// Checks that the largest difference is at most `tolerance` of the largest value.
func expectClose(_ found: Tensor, _ expected: Tensor, tolerance: Float, row: String) throws(BenchmarkError) {
  let difference = largestDifference(found, expected)
  guard difference <= tolerance else { throw BenchmarkError(row: row, difference: difference, tolerance: tolerance) }
}

extension Processor {
  /// As many threads of the plainest kernels: those of references.
  var plainest: Processor { Processor(kernels: Processor.supportedKernels[0], threadCount: threads.threadCount) }
}

extension Arena {
  func setInputs(_ values: [Tensor]) { for (index, value) in values.enumerated() { setInput(index, to: value) } }
}

extension Graph {
  /// The ranges of the inputs of this graph's convolutions in a run on ``randomInputs(of:)``.
  package func calibratedOnRandomInputs(processor: Processor = .default) -> Calibration {
    var calibrator = Calibrator(self, processor: processor)
    calibrator.observe(randomInputs(of: compiled(for: processor, preparation: .quick)))
    return calibrator.calibration
  }
}

/// Numbers from −1 to 1 for each input of a program, the same every time.
package func randomInputs(of program: Program) -> [Tensor] {
  var random = RandomNumbers(seed: 2)
  return program.inputShapes.map { Tensor($0, uniformIn: -1..<1, using: &random) }
}

/// max |a − b| / max |b|: infinite when either holds something that is no finite number, or b nothing but zeros.
package func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
  guard a.shape == b.shape else { return .infinity }
  let a = a.span, b = b.span
  var difference: Float = 0, largest: Float = 0
  for index in a.indices {
    guard a[index].isFinite, b[index].isFinite else { return .infinity }
    difference = max(difference, abs(a[index] - b[index]))
    largest = max(largest, abs(b[index]))
  }
  return largest > 0 ? difference / largest : .infinity
}
