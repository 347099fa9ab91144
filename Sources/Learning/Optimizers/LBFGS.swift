import Kernels
import Tensors

/// x ← x + t d with d = −H f'(x), where H approximates the inverse of the second derivatives by the last steps and the changes of the gradient over
/// them, and t is found by a line search with the strong Wolfe conditions.
///
/// Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989; H by the two loops of Nocedal 1980. The first step has
/// the length min(1, 1 / Σ|f'|) times the learning rate and a pair of step and change is kept if their product is above 1e-10, as in
/// `torch.optim.LBFGS` with `line_search_fn="strong_wolfe"`. The loss must be the same function in every step: no mini-batches, no dropout.
///
///     var optimizer = LBFGS()
///     let result = try optimizer.minimize(&pixels, steps: 200) { pixels in try lossAndGradients(pixels) }
public struct LBFGS: Resumable {
  /// What the loss is at some parameters, and its gradients there.
  public typealias Evaluation = (loss: Double, gradients: [Tensor])

  /// How a step ended.
  public enum Outcome: Hashable, Sendable {
    case moved
    /// The largest element of the gradient is below ``gradientTolerance``.
    case converged
    /// No length along the direction lowers the loss by more than rounding does.
    case stalled
    /// The loss or its gradient is not a number where the step began.
    case diverged
  }

  public struct Step: Hashable, Sendable {
    public let outcome: Outcome
    /// The loss where the step ended.
    public let loss: Double
    /// How often the loss was asked for.
    public let evaluations: Int
  }

  /// The length that is tried first, along d; the line search does the rest.
  public var learningRate: Float
  /// How many steps H is made of; each costs twice the memory of the parameters.
  public let historyLimit: Int
  public var gradientTolerance: Double
  /// The line search ends when no parameter would change by more.
  public var changeTolerance: Double
  /// How often a step may ask for the loss.
  public var evaluationLimit: Int

  /// Steps s and changes of the gradient y, the oldest first, as vectors of all parameters.
  private var history: [Pair] = []
  /// Where the last step ended, so that its loss need not be asked for again.
  private var place: Place?
  private var stepCount = 0

  private struct Pair: Sendable {
    let step, change: Tensor
    /// s · y
    let product: Double

    init(step: Tensor, change: Tensor, on processor: Processor) {
      self.step = step
      self.change = change
      product = dotProduct(step, change, on: processor)
    }
  }

  private struct Place: Sendable {
    let parameters, gradient: Tensor
    let loss: Double
  }

  public init(
    learningRate: Float = 1, historyLimit: Int = 100, gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, evaluationLimit: Int = 25
  ) {
    precondition(historyLimit > 0 && evaluationLimit > 0)
    self.learningRate = learningRate
    self.historyLimit = historyLimit
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.evaluationLimit = evaluationLimit
  }

  /// At most `steps` steps, fewer if one does not move.
  public mutating func minimize<Failure: Error>(
    _ parameters: inout [Tensor], steps: Int, on processor: Processor = .default, _ evaluate: ([Tensor]) throws(Failure) -> Evaluation
  ) throws(Failure) -> Step {
    precondition(steps > 0)
    var evaluations = 0, last = try step(&parameters, on: processor, evaluate)
    for _ in 1..<steps where last.outcome == .moved {
      evaluations += last.evaluations
      last = try step(&parameters, on: processor, evaluate)
    }
    return Step(outcome: last.outcome, loss: last.loss, evaluations: evaluations + last.evaluations)
  }

  /// One step along one direction. Parameters end at the best place found: never at a larger loss than they began.
  ///
  /// - Parameter evaluate: the loss at the given parameters and its gradients, each of its parameter's shape.
  public mutating func step<Failure: Error>(
    _ parameters: inout [Tensor], on processor: Processor = .default, _ evaluate: ([Tensor]) throws(Failure) -> Evaluation
  ) throws(Failure) -> Step {
    let shapes = parameters.map(\.shape), x = flattened(parameters)
    var evaluations = 0
    func place(at x: Tensor) throws(Failure) -> Place {
      evaluations += 1
      let (loss, gradients) = try evaluate(unflattened(x, shapes))
      precondition(gradients.map(\.shape) == shapes, "gradients of \(gradients.map(\.shape)) for parameters of \(shapes)")
      return Place(parameters: x, gradient: flattened(gradients), loss: loss)
    }

    let start: Place
    if let last = self.place, last.parameters == x { start = last } else { start = try place(at: x) }
    self.place = start
    let (gradientSum, gradientSize) = magnitudes(start.gradient)
    guard start.loss.isFinite && gradientSum.isFinite else { return Step(outcome: .diverged, loss: start.loss, evaluations: evaluations) }
    if gradientSize <= gradientTolerance { return Step(outcome: .converged, loss: start.loss, evaluations: evaluations) }

    let d = direction(against: start.gradient, on: processor)
    let slope = dotProduct(start.gradient, d, on: processor)
    guard slope < -changeTolerance else { return Step(outcome: .stalled, loss: start.loss, evaluations: evaluations) }
    let firstLength = Double(learningRate) * (stepCount == 0 ? min(1, 1 / gradientSum) : 1)

    var search = StrongWolfeSearch<Place>()
    (search.smallestChange, search.evaluationLimit) = (changeTolerance, evaluationLimit)
    let end = try search.search(
      from: .init(length: 0, loss: start.loss, slope: slope, place: start), firstLength: firstLength, directionSize: magnitudes(d).largest
    ) { length throws(Failure) in
      var moved = x
      moved.withMutableSpan { addScaled(Float(length), d.span, to: &$0, on: processor) }
      let found = try place(at: moved)
      return .init(length: length, loss: found.loss, slope: dotProduct(found.gradient, d, on: processor), place: found)
    }
    guard end.length > 0 else { return Step(outcome: .stalled, loss: start.loss, evaluations: evaluations) }

    let next = end.place
    remember(difference(next.parameters, start.parameters, on: processor), difference(next.gradient, start.gradient, on: processor), on: processor)
    self.place = next
    stepCount += 1
    parameters = unflattened(next.parameters, shapes)
    return Step(outcome: .moved, loss: next.loss, evaluations: evaluations)
  }

  /// −H f', from the history: Nocedal and Wright, algorithm 7.4.
  private func direction(against gradient: Tensor, on processor: Processor) -> Tensor {
    var d = gradient, shares = [Double](repeating: 0, count: history.count)
    d.withMutableSpan { d in
      scale(&d, by: -1, on: processor)
      for (index, pair) in history.enumerated().reversed() {
        shares[index] = dotProduct(pair.step.span, d.span, on: processor) / pair.product
        addScaled(Float(-shares[index]), pair.change.span, to: &d, on: processor)
      }
      if let last = history.last {
        scale(&d, by: Float(last.product / dotProduct(last.change, last.change, on: processor)), on: processor)
      }
      for (index, pair) in history.enumerated() {
        let share = dotProduct(pair.change.span, d.span, on: processor) / pair.product
        addScaled(Float(shares[index] - share), pair.step.span, to: &d, on: processor)
      }
    }
    return d
  }

  private mutating func remember(_ step: Tensor, _ change: Tensor, on processor: Processor) {
    let pair = Pair(step: step, change: change, on: processor)
    guard pair.product > 1e-10 else { return }  // H would not stay positive
    if history.count == historyLimit { history.removeFirst() }
    history.append(pair)
  }
}

extension LBFGS {
  public var state: [(name: String, tensor: Tensor)] {
    var result = [(name: "step", tensor: Tensor(word: UInt64(stepCount))), ("pairs", Tensor(word: UInt64(history.count)))]
    for (index, pair) in history.enumerated() { result += [("step.\(index)", pair.step), ("change.\(index)", pair.change)] }
    if let place {
      result += [("parameters", place.parameters), ("gradient", place.gradient), ("loss", Tensor(exactly: place.loss))]
    }
    return result
  }

  public mutating func restore(_ state: [String: Tensor], for shapes: [Shape]) throws(StateError) {
    let size: Shape = [shapes.reduce(0) { $0 + $1.count }]
    var reader = StateReader(state), pairs: [Pair] = [], place: Place?
    let steps = try reader.takeCount("step"), count = try reader.takeCount("pairs")
    guard count <= historyLimit else { throw .value(name: "pairs", found: "\(count)", expected: "at most \(historyLimit)") }
    for index in 0..<count {
      let step = try reader.take("step.\(index)", size), change = try reader.take("change.\(index)", size)
      let pair = Pair(step: step, change: change, on: .default)
      guard pair.product > 1e-10 else { throw .value(name: "change.\(index)", found: "against its step", expected: "along its step") }
      pairs.append(pair)
    }
    if reader.has("parameters") {
      place = Place(parameters: try reader.take("parameters", size), gradient: try reader.take("gradient", size), loss: try reader.takeDouble("loss"))
    }
    try reader.end()
    (history, stepCount, self.place) = (pairs, steps, place)
  }
}
