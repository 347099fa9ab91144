import Kernels
import Tensors

/// GRU: r = σ(W_ir·x + b_ir + W_hr·h + b_hr), z = σ(W_iz·x + b_iz + W_hz·h + b_hz), n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn)), h′ = (1 − z)·n + z·h
///
/// LSTM: i, f, o = σ(W_i·x + b_i + W_h·h + b_h), g = tanh(…), c′ = f·c + i·g, h′ = o·tanh c′
///
/// A recurrent layer over whole sequences, with the formulas, the order of gates (r z n; i f g o) and the biases of `torch.nn.GRU` and `torch.nn.LSTM`. With D
/// directions and G gates (3 or 4), the inputs are
///
/// - x [batch, steps, inputs], or [steps, batch, inputs]
/// - for each direction W_i [G · units, inputs], W_h [G · units, units], b_i [G · units], b_h [G · units]
/// - if ``hasInitialState``, h [D, batch, units], and for an LSTM c of the same shape; else both begin as zeros
/// - if ``hasLengths``, the number of steps of each item [batch]: after its end an item puts out zeros and keeps its state; in reverse it begins there.
///
/// The result is what ``result`` says; the states of both directions lie beside each other, D · units an item and step.
public struct Recurrent: Operation {
  public enum Directions: Sendable {
    case forward, reverse
    /// Forward, then reverse.
    case both

    /// Whether each direction is reversed.
    var areReversed: [Bool] { self == .both ? [false, true] : [self == .reverse] }
  }

  public enum Result: Sendable {
    /// The state after each step: [batch, steps, D · units], or [steps, batch, D · units].
    case sequence
    /// All in one line of numbers, to be taken apart by ``parts(of:)``: the sequence, and the final states.
    case states
    /// Those, and what ``RecurrentGradient`` needs.
    case training
  }

  public var cell: RecurrentCell
  public var directions: Directions
  public var isBatchFirst: Bool
  public var hasInitialState, hasLengths: Bool
  public var result: Result

  public init(
    _ cell: RecurrentCell, directions: Directions = .forward, isBatchFirst: Bool = true, hasInitialState: Bool = false, hasLengths: Bool = false,
    result: Result = .sequence
  ) {
    self.cell = cell
    self.directions = directions
    self.isBatchFirst = isBatchFirst
    self.hasInitialState = hasInitialState
    self.hasLengths = hasLengths
    self.result = result
  }

  public var name: String { cell == .gru ? "gru" : "lstm" }

  public func multiplyAdds(for site: Site) -> Int {
    let sizes = sizes(of: site.inputs)
    return sizes.directions * sizes.steps * sizes.batch * cell.gates * sizes.units * (sizes.inputs + sizes.units)
  }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(inputCount...inputCount)
    let x = inputs[0], gates = cell.gates
    guard x.rank == 3 else { throw ShapeError("expected \(isBatchFirst ? "[batch, steps, inputs]" : "[steps, batch, inputs]"), found \(x)") }
    guard inputs[2].rank == 2 else { throw ShapeError("expected recurrent weights of [\(gates) · units, units], found \(inputs[2])") }
    let sizes = sizes(of: inputs), rows = gates * sizes.units
    for direction in 0..<sizes.directions {
      let first = 1 + 4 * direction
      guard inputs[first] == [rows, sizes.inputs], inputs[first + 1] == [rows, sizes.units], inputs[first + 2] == [rows], inputs[first + 3] == [rows]
      else { throw ShapeError("expected weights of \(rows)×\(sizes.inputs) and \(rows)×\(sizes.units), and two biases of \(rows)") }
    }
    let state: Shape = [sizes.directions, sizes.batch, sizes.units]
    for index in stateInputs where inputs[index] != state { throw ShapeError("expected initial states of \(state), found \(inputs[index])") }
    if let index = lengthsInput, inputs[index] != [sizes.batch] { throw ShapeError("expected \(sizes.batch) lengths, found \(inputs[index])") }
    let parts = parts(of: inputs)
    switch result {
    case .sequence: return parts.output.shape
    case .states: return [parts.saved.first]
    case .training: return [parts.saved.range.upperBound]
    }
  }

  /// Where the results lie in one line of numbers: the sequence, the final states and cells [D, batch, units], and what is saved for the gradient.
  public func parts(of inputs: [Shape]) -> (output: Part, state: Part, cells: Part, saved: Part) {
    let sizes = sizes(of: inputs), x = inputs[0]
    let state: Shape = [sizes.directions, sizes.batch, sizes.units], none: Shape = [0, sizes.batch, sizes.units]
    let output = Part(from: 0, [x[0], x[1], sizes.directions * sizes.units])
    let first = Part(from: output.range.upperBound, state), second = Part(from: first.range.upperBound, cell == .lstm ? state : none)
    let saved = Part(from: second.range.upperBound, [sizes.directions, sizes.steps * sizes.batch * cell.saved * sizes.units])
    return (output, first, second, saved)
  }

  public func scratchCount(for site: Site) -> Int {
    layers(at: site)[0].forwardScratchCount(isSaving: result == .training, kernels: site.processor.kernels)
  }

  public func prepare(at site: Site) -> KernelCall {
    let layers = layers(at: site), processor = site.processor, parts = parts(of: site.inputs), units = sizes(of: site.inputs).units
    let stateInputs = stateInputs, lengthsInput = lengthsInput, result = result, lines = parts.state.range.count / layers.count
    let packed = layers.indices.map { packedWeights(of: $0, layers[$0], at: site) }
    return KernelCall { inputs, output, scratch in
      for direction in layers.indices {
        let own = direction * lines..<(direction + 1) * lines, savedCount = layers[direction].savedCount
        func range(_ part: Part) -> Range<Int> {
          result == .sequence || part.range.isEmpty ? 0..<0 : part.first + own.lowerBound..<part.first + own.upperBound
        }
        let saved = parts.saved.first + direction * savedCount
        layers[direction].forward(
          inputs[0], inputWeights: inputs[1 + 4 * direction], recurrentWeights: inputs[2 + 4 * direction], inputBias: inputs[3 + 4 * direction],
          recurrentBias: inputs[4 + 4 * direction], packed: packed[direction],
          state: stateInputs.isEmpty ? nil : inputs[stateInputs.lowerBound].extracting(own),
          cells: stateInputs.count < 2 ? nil : inputs[stateInputs.lowerBound + 1].extracting(own),
          lengths: lengthsInput == nil ? nil : inputs[lengthsInput!], into: &output,
          parts: RecurrentParts(
            output: direction * units..<parts.output.range.upperBound, state: range(parts.state), cells: range(parts.cells),
            saved: result == .training ? saved..<saved + savedCount : 0..<0),
          scratch: &scratch, on: processor)
      }
    }
  }

  private func packedWeights(of direction: Int, _ layer: RecurrentLayer, at site: Site) -> PackedRecurrentWeights? {
    let first = 1 + 4 * direction
    guard let input = site.constants[first], let recurrent = site.constants[first + 1], let inputBias = site.constants[first + 2],
      let recurrentBias = site.constants[first + 3]
    else { return nil }
    return PackedRecurrentWeights(
      inputWeights: input.span, recurrentWeights: recurrent.span, inputBias: inputBias.span, recurrentBias: recurrentBias.span, of: layer,
      on: site.processor)
  }

  // MARK: Shared with the gradient

  var inputCount: Int { 1 + 4 * directions.areReversed.count + stateInputs.count + (hasLengths ? 1 : 0) }

  /// Which inputs are the initial state, and cells.
  var stateInputs: Range<Int> {
    let first = 1 + 4 * directions.areReversed.count
    return first..<first + (hasInitialState ? cell == .lstm ? 2 : 1 : 0)
  }

  var lengthsInput: Int? { hasLengths ? stateInputs.upperBound : nil }

  func sizes(of inputs: [Shape]) -> (steps: Int, batch: Int, inputs: Int, units: Int, directions: Int) {
    let x = inputs[0]
    return (isBatchFirst ? x[1] : x[0], isBatchFirst ? x[0] : x[1], x[2], inputs[2][1], directions.areReversed.count)
  }

  /// One layer a direction; they write beside each other.
  func layers(at site: Site) -> [RecurrentLayer] {
    let sizes = sizes(of: site.inputs)
    return directions.areReversed.map {
      RecurrentLayer(
        cell, steps: sizes.steps, batch: sizes.batch, inputs: sizes.inputs, units: sizes.units, isBatchFirst: isBatchFirst, isReversed: $0,
        outputStride: sizes.directions * sizes.units, kernels: site.processor.kernels)
    }
  }
}

extension Recurrent {
  /// See ``RecurrentGradient``. A layer whose result lacks what that needs is computed once more.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let shapes = site.inputs.map { graph[$0].shape }, parts = parts(of: shapes)
    var training = self
    training.result = .training
    let result = self.result == .training ? site.result : try graph.append(training, site.inputs)
    func part(_ part: Part) throws(ShapeError) -> Graph.Index { try graph.append(part, [site.gradient]) }
    let alone = try sequenceGradient(in: site.gradient, parts.output, &graph), hasStates = self.result != .sequence && alone == nil
    let ofSequence = if let alone { alone } else { hasStates ? try part(parts.output) : site.gradient }
    var inputs = site.inputs + [result, ofSequence]
    if hasStates { inputs.append(try part(parts.state)) }
    if hasStates, cell == .lstm { inputs.append(try part(parts.cells)) }
    let operation = RecurrentGradient(of: training, hasStateGradient: hasStates), line = try graph.append(operation, inputs)
    let gradients = operation.parts(of: shapes)
    let states = cell == .lstm ? [gradients.state, gradients.cells] : [gradients.state]
    let own = [gradients.x] + gradients.weights.flatMap { $0 } + (hasInitialState ? states : [])
    var found: [Graph.Index?] = []
    for (part, isWanted) in zip(own, site.isWanted) { found.append(isWanted ? try graph.append(part, [line]) : nil) }
    return found + (hasLengths ? [nil] : [])
  }

  /// The gradient of the sequence, if nothing else of the result was used: then the gradient of the whole is that of the part with zeros around it, and need not
  /// be written, which would be as much as all that is saved.
  private func sequenceGradient(in gradient: Graph.Index, _ output: Part, _ graph: inout Graph) throws(ShapeError) -> Graph.Index? {
    guard result != .sequence, let padded = graph[gradient].operation as? PadZeros, padded.before == output.first else { return nil }
    let line = graph[gradient].inputs[0]
    return graph[line].shape == [output.shape.count] ? try graph.reshaped(line, output.shape) : nil
  }
}
