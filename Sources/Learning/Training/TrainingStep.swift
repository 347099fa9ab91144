public import Graphs
public import Kernels
public import Tensors

/// One step of training as a program: losses forwards, gradients backwards, and the new running statistics.
///
/// ```swift
/// var step = TrainingStep(network, inputs: [("images", [32, 3, 64, 64]), ("classes", [32, 6])]) { network, inputs in
///   softmaxCrossEntropy(network(inputs[0], phase: .training), inputs[1])
/// }
/// for batch in batches {
///   let loss = step.run([batch.images, batch.classes])
///   step.update(with: &optimizer)
/// }
/// ```
public struct TrainingStep<Model: Module> {
  /// The names and values of what is learned, in the order of ``gradients``.
  public let names: [String]
  public private(set) var parameters: [Tensor]
  /// The gradients of the last run, where the program left them: the next run changes them.
  private var found: [Tensor]
  /// What else the last run gave.
  public private(set) var outputs: [Tensor] = []

  private let original: Model
  /// Which of all parameters of the model are learned here, and which are statistics, by name.
  private let statisticNames: [String]
  private var statistics: [Tensor]
  private let arena: Arena
  private let inputPlaces, parameterPlaces, statisticPlaces: [Int]
  private let seedPlace: Int?
  private let outputCount: Int
  /// Which statistic each update is of.
  private let updated: [Int]
  private let processor: Processor

  /// - Parameters:
  ///   - inputs: what each run is given.
  ///   - record: the loss, a single number, and what else is of interest.
  public init(
    _ model: Model, inputs: [(name: String, shape: Shape)], processor: Processor = .default,
    record: (Model, [Node]) -> (loss: Node, outputs: [Node])
  ) {
    let recorder = Recorder()
    var copy = model, learned: [(name: String, value: Tensor, input: Node)] = [], gathered: [(name: String, value: Tensor, input: Node)] = []
    copy.forEachParameter { name, parameter in
      guard !parameter.isFrozen else { return }
      let input = recorder.input(name, parameter.value.shape)
      switch parameter.kind {
      case .learned:
        parameter.recorded = (input.index, learned.count)
        learned.append((name, parameter.value, input))
      case .statistic:
        parameter.recorded = (input.index, gathered.count)
        gathered.append((name, parameter.value, input))
      }
    }
    let given = inputs.map { recorder.input($0.name, $0.shape) }, (loss, outputs) = record(copy, given)
    precondition(loss.shape.count == 1, "a loss is one number, found \(loss.shape)")
    let gradients = recorder.gradients(of: loss, by: learned.map(\.input)), updates = recorder.updates
    let graph = recorder.graph(returning: [loss] + outputs + gradients + updates.map(\.value)), places = graph.inputs
    func place(_ node: Node) -> Int { places.firstIndex(of: node.index)! }
    arena = Arena(for: graph.compiled(for: processor))
    original = model
    names = learned.map(\.name)
    parameters = learned.map(\.value)
    found = learned.map { Tensor($0.value.shape) }
    statisticNames = gathered.map(\.name)
    statistics = gathered.map(\.value)
    inputPlaces = given.map(place)
    parameterPlaces = learned.map { place($0.input) }
    statisticPlaces = gathered.map { place($0.input) }
    seedPlace = recorder.seed.map(place)
    outputCount = outputs.count
    updated = updates.map(\.parameter)
    self.processor = processor
  }

  public init(_ model: Model, inputs: [(name: String, shape: Shape)], processor: Processor = .default, loss: (Model, [Node]) -> Node) {
    self.init(model, inputs: inputs, processor: processor) { (loss($0, $1), []) }
  }

  /// Computes the loss and all gradients, and moves the running statistics on.
  ///
  /// - Parameter seed: what ``Dropout`` chooses by; a whole number below 2²⁴, another one for each run.
  public mutating func run(_ inputs: [Tensor], seed: Int = 0) -> Float {
    precondition(inputs.count == inputPlaces.count, "expected \(inputPlaces.count) inputs, found \(inputs.count)")
    for (place, value) in zip(inputPlaces, inputs) { arena.setInput(place, to: value) }
    for (place, value) in zip(statisticPlaces, statistics) { arena.setInput(place, to: value) }
    if let seedPlace { arena.setInput(seedPlace, to: Tensor([1], [Float(seed)])) }
    arena.run(reading: zip(parameterPlaces, parameters).map { ($0, $1) })
    outputs = (0..<outputCount).map { arena.output(1 + $0) }
    for index in found.indices { found[index] = arena.outputInPlace(1 + outputCount + index) }
    for (index, statistic) in updated.enumerated() { statistics[statistic] = arena.output(1 + outputCount + found.count + index) }
    return arena.output(0).elements[0]
  }

  /// What a run computes, for listings and measurements.
  public var program: Program { arena.program }

  /// The gradients of the last run.
  public var gradients: [Tensor] { found.map { Tensor($0.shape, $0.elements) } }

  /// √Σ g² over all gradients of the last run: not finite if one of them is not.
  public var gradientNorm: Double { globalNorm(found, on: processor) }

  /// The first parameter whose gradient of the last run has an element that is no finite number.
  public var firstParameterThatIsNotFinite: String? {
    zip(names, found).first { gradient in gradient.1.elements.contains { !$0.isFinite } }?.0
  }

  /// Takes the parameters and statistics of a step of the same model over.
  mutating func takeOver(from other: TrainingStep) {
    parameters = other.parameters
    statistics = other.statistics
  }

  /// Changes the parameters along the gradients of the last run.
  public mutating func update(with optimizer: inout some Optimizer) { optimizer.update(&parameters, along: found, on: processor) }

  /// Changes gradients before ``update(with:)``, such as by clipping.
  public mutating func withGradients(_ change: (inout [Tensor]) -> Void) { change(&found) }

  /// The model with what it has learned so far.
  public var model: Model {
    get {
      var copy = original, learned = zip(names, parameters).makeIterator(), gathered = zip(statisticNames, statistics).makeIterator()
      copy.forEachParameter { _, parameter in
        guard !parameter.isFrozen, let next = parameter.kind == .learned ? learned.next() : gathered.next() else { return }
        parameter.value = next.1
      }
      return copy
    }
    set {
      let all = newValue.parameters.filter { !$0.parameter.isFrozen }
      parameters = all.filter { $0.parameter.kind == .learned }.map(\.parameter.value)
      statistics = all.filter { $0.parameter.kind == .statistic }.map(\.parameter.value)
    }
  }
}
