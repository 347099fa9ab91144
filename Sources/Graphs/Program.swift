import Kernels
import Tensors

/// A compiled ``Graph``: a list of prepared kernel calls and a plan of the memory they work on. It never changes and may run in several threads at once, each
/// with an ``Arena`` of its own.
public final class Program: Sendable {
  public let processor: Processor
  public let memoryPlan: MemoryPlan
  /// The shapes of the values that a run takes and returns.
  public let inputShapes, outputShapes: [Shape]
  /// What each step computes, in order, for listings.
  public let steps: [ProgramStep]

  let calls: [PreparedStep]
  let inputs: [(place: Place, maps: FeatureMaps)]
  let outputs: [Place]

  /// Where a value lies.
  enum Place: Sendable {
    case arena(offset: Int, count: Int)
    case constant(Tensor)
  }

  struct PreparedStep: Sendable {
    let call: KernelCall
    let inputs: [Place]
    let output, scratch: Place
  }

  /// Prepares `graph`, whose values get their layouts here; ``Graph/compiled(for:)`` applies the other passes first.
  public convenience init(_ graph: Graph, processor: Processor, preparation: Preparation = .thorough) {
    var graph = graph.choosingLayouts(lanes: processor.kernels.lanes)
    if let tuning = preparation.tuning { graph = graph.choosingAlgorithms(by: tuning, for: processor, preparation: preparation) }
    self.init(laidOut: graph, processor: processor, preparation: preparation)
  }

  /// Prepares a graph whose values have their layouts.
  init(laidOut graph: Graph, processor: Processor, preparation: Preparation) {
    self.processor = processor
    let placement = Placement(graph), owner = placement.owner

    var requests: [MemoryPlan.Request] = []
    var requestOfNode = [Int?](repeating: nil, count: graph.nodes.count)
    var requestOfScratch = requestOfNode
    let lastStep = graph.nodes.count
    for (index, node) in graph.nodes.enumerated() where owner[index] == index && !(node.operation is Constant) {
      requestOfNode[index] = requests.count
      let isInput = node.operation is Input  // inputs keep their values from run to run
      requests.append(MemoryPlan.Request(count: node.shape.count(in: node.layout), first: isInput ? 0 : index, last: isInput ? lastStep : index))
    }
    for (index, node) in graph.nodes.enumerated() {
      if let request = requestOfNode[owner[index]] { requests[request].first = min(requests[request].first, index) }
      for input in node.inputs {
        if let request = requestOfNode[owner[input]] { requests[request].last = max(requests[request].last, index) }
      }
    }
    for output in graph.outputs {
      if let request = requestOfNode[owner[output]] { requests[request].last = lastStep }
    }
    var sites: [Int: Site] = [:]
    for (index, node) in graph.nodes.enumerated() where placement.isComputed(index, in: graph) {
      let site = Site(of: index, in: graph, isPlaced: placement.isPlaced[index], processor: processor, preparation: preparation)
      sites[index] = site
      requestOfScratch[index] = requests.count
      requests.append(MemoryPlan.Request(count: node.operation.scratchCount(for: site), first: index, last: index))
    }
    let plan = MemoryPlan(requests)
    func place(_ index: Int) -> Place {
      if let value = graph.constantValue(owner[index]) { return .constant(value) }
      let request = requestOfNode[owner[index]]!
      return .arena(offset: plan.offsets[request] + placement.offset[index], count: graph[index].shape.count(in: graph[index].layout))
    }

    var calls: [PreparedStep] = [], steps: [ProgramStep] = []
    for (index, node) in graph.nodes.enumerated() {
      guard let site = sites[index], let scratch = requestOfScratch[index] else { continue }
      let call = node.operation.prepare(at: site)
      calls.append(
        PreparedStep(
          call: call, inputs: node.inputs.map(place), output: place(index),
          scratch: .arena(offset: plan.offsets[scratch], count: requests[scratch].count)))
      steps.append(ProgramStep(node, at: index, call: call, at: site))
    }
    self.calls = calls
    self.steps = steps
    memoryPlan = plan
    inputs = graph.inputs.map { (place($0), graph[$0].shape.maps(in: graph[$0].layout)) }
    outputs = graph.outputs.map(place)
    inputShapes = graph.inputs.map { graph[$0].shape }
    outputShapes = graph.outputs.map { graph[$0].shape }
  }

  /// Runs once with the given inputs, in the order in which the graph names them, and returns the outputs. For many runs make one ``Arena`` and use that.
  public func run(_ inputs: [Tensor]) -> [Tensor] {
    let arena = Arena(for: self)
    for (index, input) in inputs.enumerated() { arena.setInput(index, to: input) }
    arena.run()
    return outputShapes.indices.map { arena.output($0) }
  }
}

extension Graph {
  /// The graph after all passes, ready to run on `processor`.
  public func compiled(
    for processor: Processor = .default, preparation: Preparation = .thorough, precision: Precision = .float32
  ) -> Program {
    var graph = fused().choosingPrecision(precision)
    if case .float32 = precision { graph = graph.fusingExpansions() }
    return Program(graph.fusingElementwise(), processor: processor, preparation: preparation)
  }

  /// The graph after the passes that put operations into convolutions, each of which stays one.
  func fused() -> Graph {
    removingDeadNodes().foldingBatchNormalization().fusingActivations().fusingResiduals().fusingPooling()
  }
}
