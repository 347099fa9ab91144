import Kernels
import Tensors

/// The gradients of a ``Recurrent`` layer: of x, of the weights and biases of each direction, and of the initial states
///
/// Inputs: those of the layer, its result (``Recurrent/Result/training``), the gradient of the sequence, and, if ``hasStateGradient``, those of the final state
/// and, for an LSTM, of the final cells, [D, batch, units] each. The result is one line of numbers, to be taken apart by ``parts(of:)``.
public struct RecurrentGradient: Operation {
  public var layer: Recurrent
  public var hasStateGradient: Bool

  /// - Parameter layer: with its result ``Recurrent/Result/training``.
  public init(of layer: Recurrent, hasStateGradient: Bool = false) {
    self.layer = layer
    self.hasStateGradient = hasStateGradient
  }

  public var name: String { "\(layer.name) gradient" }

  /// Twice the layer's: each product has two gradients.
  public func multiplyAdds(for site: Site) -> Int { 2 * layer.multiplyAdds(for: site) }

  /// Where the gradients lie, each of the shape of what it is the gradient of; of a direction in the order W_i, W_h, b_i, b_h.
  public func parts(of inputs: [Shape]) -> (x: Part, weights: [[Part]], state: Part, cells: Part) {
    let x = Part(from: 0, inputs[0]), results = layer.parts(of: inputs)
    var end = x.range.upperBound
    func next(_ shape: Shape) -> Part {
      defer { end += shape.count }
      return Part(from: end, shape)
    }
    let weights = layer.directions.areReversed.indices.map { direction in (1...4).map { next(inputs[4 * direction + $0]) } }
    return (x, weights, next(results.state.shape), next(results.cells.shape))
  }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard layer.result == .training else { throw ShapeError("expected a layer whose result is what training needs") }
    let own = layer.inputCount, states = hasStateGradient ? layer.cell == .lstm ? 2 : 1 : 0
    try inputs.expectCount(own + 2 + states...own + 2 + states)
    let result = try layer.shape(of: Array(inputs.prefix(own))), parts = layer.parts(of: inputs)
    guard inputs[own] == result else { throw ShapeError("expected the layer's result of \(result), found \(inputs[own])") }
    guard inputs[own + 1] == parts.output.shape else {
      throw ShapeError("expected a gradient of the sequence of \(parts.output.shape), found \(inputs[own + 1])")
    }
    for state in inputs.suffix(states) where state != parts.state.shape {
      throw ShapeError("expected gradients of the states of \(parts.state.shape), found \(state)")
    }
    return [self.parts(of: inputs).cells.range.upperBound]
  }

  public func scratchCount(for site: Site) -> Int { layer.layers(at: site)[0].backwardScratchCount(kernels: site.processor.kernels) }

  public func prepare(at site: Site) -> KernelCall {
    let layers = layer.layers(at: site), processor = site.processor, parts = parts(of: site.inputs), results = layer.parts(of: site.inputs)
    let first = layer.inputCount, lengthsInput = layer.lengthsInput, units = layer.sizes(of: site.inputs).units
    let lines = results.state.range.count / layers.count, hasStateGradient = hasStateGradient, isLSTM = layer.cell == .lstm
    let ranges = layers.indices.map { direction in
      let weights = parts.weights[direction].map(\.range)
      func own(_ part: Part) -> Range<Int> {
        part.range.isEmpty ? 0..<0 : part.first + direction * lines..<part.first + (direction + 1) * lines
      }
      return RecurrentGradientParts(
        x: parts.x.range, inputWeights: weights[0], recurrentWeights: weights[1], inputBias: weights[2], recurrentBias: weights[3],
        state: own(parts.state), cells: own(parts.cells))
    }
    return KernelCall { inputs, output, scratch in
      for direction in layers.indices {
        let own = direction * lines..<(direction + 1) * lines, savedCount = layers[direction].savedCount
        let saved = results.saved.first + direction * savedCount
        layers[direction].backward(
          inputs[0], inputWeights: inputs[1 + 4 * direction], recurrentWeights: inputs[2 + 4 * direction],
          lengths: lengthsInput == nil ? nil : inputs[lengthsInput!], saved: inputs[first].extracting(saved..<saved + savedCount),
          outputGradient: inputs[first + 1].extracting(direction * units..<results.output.range.count),
          stateGradient: hasStateGradient ? inputs[first + 2].extracting(own) : nil,
          cellGradient: hasStateGradient && isLSTM ? inputs[first + 3].extracting(own) : nil, isAdding: direction > 0, into: &output,
          parts: ranges[direction], scratch: &scratch, on: processor)
      }
    }
  }
}
