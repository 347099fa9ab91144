import Kernels
import Tensors

extension Graph {
  /// Tells each convolution the algorithm that is fastest on this machine. Those whose times `tuning` does not know are measured first: the network runs with the
  /// first algorithm of each, then with the second, and so on, so that each finds the caches as the layers before leave them.
  ///
  /// - Precondition: values have their layouts.
  func choosingAlgorithms(by tuning: ConvolutionTuning, for processor: Processor, preparation: Preparation) -> Graph {
    let choices = nodes.indices.compactMap { AlgorithmChoice(of: $0, in: self, processor: processor, preparation: preparation) }
    for trial in 0..<(choices.map(\.algorithms.count).max() ?? 0) {
      let tried = choices.filter { trial < $0.algorithms.count && !tuning.isKnown($0.algorithms[trial], of: $0.convolution) }
      guard !tried.isEmpty else { continue }
      let program = Program(laidOut: with(tried.map { ($0.node, $0.algorithms[trial]) }), processor: processor, preparation: preparation)
      let seconds = program.shortestTimes()
      for choice in tried {
        guard let step = program.steps.firstIndex(where: { $0.index == choice.node }) else { continue }
        tuning.record(1e6 * seconds[step], of: choice.algorithms[trial], for: choice.convolution)
      }
    }
    return with(choices.map { ($0.node, tuning.fastest(of: $0.algorithms, for: $0.convolution)) })
  }

  private func with(_ algorithms: [(node: Index, algorithm: ConvolutionAlgorithm?)]) -> Graph {
    var graph = self
    for (node, algorithm) in algorithms {
      guard var operation = graph[node].operation as? Convolution2D else { continue }
      operation.algorithm = algorithm
      graph.replaceOperation(of: node, by: operation)
    }
    return graph
  }
}

/// A convolution of floats that can be computed in several ways.
private struct AlgorithmChoice {
  let node: Graph.Index
  let algorithms: [ConvolutionAlgorithm]
  let convolution: ConvolutionTuning.Convolution

  init?(of node: Graph.Index, in graph: Graph, processor: Processor, preparation: Preparation) {
    guard let operation = graph[node].operation as? Convolution2D else { return nil }
    let site = Site(of: node, in: graph, processor: processor, preparation: preparation)
    algorithms = operation.algorithms(at: site)
    // Weights that change are packed in each run, which is no part of the time of others of the same sizes.
    guard algorithms.count > 1, operation.hasConstantWeights(at: site), !operation.usesReducedPrecision(at: site) else { return nil }
    self.node = node
    convolution = ConvolutionTuning.Convolution(operation.problem(at: site), on: processor)
  }
}

extension Program {
  /// The shortest time of each step in some runs on random inputs, in seconds.
  fileprivate func shortestTimes() -> [Double] {
    var random = RandomNumbers(seed: 1)
    let arena = Arena(for: self), clock = ContinuousClock()
    for (index, shape) in inputShapes.enumerated() { arena.setInput(index, to: Tensor(shape, uniformIn: -1..<1, using: &random)) }
    _ = arena.profile()  // memory and caches are touched for the first time
    var times = arena.profile()
    let end = clock.now + .milliseconds(300)
    for run in 1..<50 where run < 8 || clock.now < end { times = zip(times, arena.profile()).map(min) }
    return times
  }
}
