import Kernels
import Tensors

/// A method that changes parameters along their gradients, step by step: a rule for one element, and what is remembered of each.
///
///     var optimizer = Adam(learningRate: 0.001)
///     for batch in batches {
///       optimizer.learningRate = schedule.rate(at: step)
///       optimizer.update(&parameters, along: gradients(of: batch), on: .default)
///     }
///
/// Definitions are those of the papers that each optimiser names and, where these leave a choice, those of `torch.optim`. The same step gives the
/// same bits for any number of threads, on any processor.
public protocol Optimizer: Resumable {
  /// α. May change from step to step, see ``Schedule``.
  var learningRate: Float { get set }
  var weightDecay: WeightDecay { get set }
  /// What is remembered of the steps so far.
  var memory: OptimizerMemory { get set }
  /// What each number that is remembered of an element is called, in the order of the rule.
  var memoryNames: [String] { get }
  /// The rule of a step; the first has number 1.
  func rule(at step: Int) -> UpdateRule
}

extension Optimizer {
  /// One step.
  ///
  /// - Parameters:
  ///   - parameters: the same ones, in the same order, in each step.
  ///   - gradients: those of the loss, each of its parameter's shape.
  public mutating func update(_ parameters: inout [Tensor], along gradients: [Tensor], on processor: Processor = .default) {
    precondition(parameters.count == gradients.count, "\(parameters.count) parameters, but \(gradients.count) gradients")
    memory.prepare(for: parameters.map(\.shape), numbersEach: memoryNames.count)
    let rule = rule(at: memory.step)
    for index in parameters.indices {
      let shape = parameters[index].shape, (penalty, kept) = weightDecay.factors(for: shape, rate: learningRate)
      precondition(gradients[index].shape == shape, "parameter \(index) is \(shape), its gradient \(gradients[index].shape)")
      parameters[index].withMutableSpan { parameter in
        memory.numbers[index].withMutableSpan { numbers in
          Kernels.update(&parameter, along: gradients[index].span, memory: &numbers, penalty: penalty, kept: kept, rule, on: processor)
        }
      }
    }
  }

  public var state: [(name: String, tensor: Tensor)] { memory.state(memoryNames) }

  public mutating func restore(_ state: [String: Tensor], for shapes: [Shape]) throws(StateError) {
    memory = try OptimizerMemory(state, memoryNames, for: shapes)
  }
}

/// What an optimiser remembers: how many steps it has made, and some numbers of each element.
public struct OptimizerMemory: Sendable {
  /// How many steps have been made.
  public private(set) var step = 0
  private var shapes: [Shape] = []
  /// Of each parameter [numbers of an element][elements]; nothing before the first step.
  var numbers: [Tensor] = []

  public init() {}

  /// Counts a step, and makes room at the first.
  fileprivate mutating func prepare(for shapes: [Shape], numbersEach: Int) {
    if step == 0 {
      self.shapes = shapes
      numbers = shapes.map { Tensor([numbersEach, $0.count]) }
    }
    precondition(shapes == self.shapes, "an optimiser is given the same parameters in each step: \(shapes) after \(self.shapes)")
    step += 1
  }

  /// `step`, and `NAME.INDEX` for each number and parameter, in the parameter's shape.
  fileprivate func state(_ names: [String]) -> [(name: String, tensor: Tensor)] {
    var result = [(name: "step", tensor: Tensor(word: UInt64(step)))]
    for (index, shape) in shapes.enumerated() {
      let elements = numbers[index].elements
      for (place, name) in names.enumerated() {
        result.append(("\(name).\(index)", Tensor(shape, Array(elements[place * shape.count..<(place + 1) * shape.count]))))
      }
    }
    return result
  }

  fileprivate init(_ state: [String: Tensor], _ names: [String], for shapes: [Shape]) throws(StateError) {
    var reader = StateReader(state)
    step = try reader.takeCount("step")
    if step > 0 {
      self.shapes = shapes
      for (index, shape) in shapes.enumerated() {
        var all: [Float] = []
        for name in names { all += try reader.take("\(name).\(index)", shape).elements }
        numbers.append(Tensor([names.count, shape.count], all))
      }
    }
    try reader.end()
  }
}
