import KernelTemplates

/// Where in one piece of memory the gradients of a ``RecurrentLayer`` go, each of the shape of what it is the gradient of; what nobody wants has no elements.
public struct RecurrentGradientParts: Sendable {
  public var x, inputWeights, recurrentWeights, inputBias, recurrentBias, state, cells: Range<Int>

  public init(
    x: Range<Int>, inputWeights: Range<Int>, recurrentWeights: Range<Int>, inputBias: Range<Int>, recurrentBias: Range<Int>,
    state: Range<Int> = 0..<0, cells: Range<Int> = 0..<0
  ) {
    self.x = x
    self.inputWeights = inputWeights
    self.recurrentWeights = recurrentWeights
    self.inputBias = inputBias
    self.recurrentBias = recurrentBias
    self.state = state
    self.cells = cells
  }

  /// The first float after all parts.
  var end: Int {
    max(
      x.upperBound, max(inputWeights.upperBound, recurrentWeights.upperBound), max(inputBias.upperBound, recurrentBias.upperBound),
      max(state.upperBound, cells.upperBound))
  }
}

extension RecurrentLayer {
  private var gradientsStep: Int { cell.gradients * units }

  /// The products that follow the steps: gradients of x, of the input's weights, of the recurrent ones in one or two parts, and sums of columns for the biases.
  private func products(_ kernels: KernelTable) -> (x: MatrixProduct, input: MatrixProduct, first: MatrixProduct, last: MatrixProduct, sums: MatrixProduct) {
    let gates = cell.gates * units, first = cell == .gru ? 2 * units : gates
    let saved = cell.saved * units, step = gradientsStep
    return (
      MatrixProduct(rows: rows, columns: inputs, depth: gates, aStride: step, kernels: kernels),
      MatrixProduct(rows: gates, columns: inputs, depth: rows, transposesA: true, aStride: step, kernels: kernels),
      MatrixProduct(rows: first, columns: units, depth: rows, transposesA: true, aStride: step, bStride: saved, kernels: kernels),
      MatrixProduct(rows: units, columns: units, depth: rows, transposesA: true, aStride: step, bStride: saved, kernels: kernels),
      MatrixProduct(rows: 1, columns: step, depth: rows, kernels: kernels)
    )
  }

  /// How many floats of working memory a run backwards needs.
  public func backwardScratchCount(kernels: KernelTable) -> Int {
    let products = products(kernels), packed = 2 * batch * cell.gates * depth
    let largest = max(products.x.scratchCount, products.input.scratchCount, products.first.scratchCount, products.last.scratchCount, products.sums.scratchCount)
    return packedGradientWeightCount + packed + 2 * batch * paddedUnits + rows * gradientsStep + max(largest, rows + gradientsStep + products.sums.scratchCount)
  }

  /// The gradients of a run forward that saved: steps in reverse, then the weights' gradients of all steps in one product each.
  ///
  /// - Parameters:
  ///   - x, inputWeights, recurrentWeights, lengths: those of the run forward.
  ///   - saved: what it saved.
  ///   - outputGradient: of the output, as it lies, ``outputStride`` floats an item and step.
  ///   - stateGradient, cellGradient: of the final state and cells, [batch][units] each; nil for zeros.
  ///   - isAdding: whether the gradient of x is added to what stands there: for a second direction.
  public func backward(
    _ x: Span<Float>, inputWeights: Span<Float>, recurrentWeights: Span<Float>, lengths: Span<Float>? = nil, saved: Span<Float>,
    outputGradient: Span<Float>, stateGradient: Span<Float>? = nil, cellGradient: Span<Float>? = nil, isAdding: Bool = false,
    into result: inout MutableSpan<Float>, parts: RecurrentGradientParts, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    let kernels = processor.kernels, gates = cell.gates * units
    precondition(kernels.lanes == lanes, "planned for kernels of other vectors")
    precondition(inputWeights.count == gates * inputs && recurrentWeights.count == gates * units, "weights of another layer")
    precondition(x.count == rows * inputs && saved.count == savedCount && outputGradient.count >= (rows - 1) * outputStride + units)
    precondition(lengths == nil || lengths!.count == batch)
    precondition(stateGradient == nil || stateGradient!.count == batch * units)
    precondition(cellGradient == nil || cellGradient!.count == batch * units)
    precondition(parts.x.isEmpty || parts.x.count == x.count)
    precondition(parts.inputWeights.isEmpty || parts.inputWeights.count == inputWeights.count)
    precondition(parts.recurrentWeights.isEmpty || parts.recurrentWeights.count == recurrentWeights.count)
    precondition((parts.inputBias.isEmpty || parts.inputBias.count == gates) && (parts.recurrentBias.isEmpty || parts.recurrentBias.count == gates))
    precondition((parts.state.isEmpty || parts.state.count == batch * units) && (parts.cells.isEmpty || parts.cells.count == batch * units))
    precondition(parts.end <= result.count && scratch.count >= backwardScratchCount(kernels: kernels))

    let result = result.address
    let packedWeights = scratch.address, states = packedWeights + packedGradientWeightCount, stateCount = batch * cell.gates * depth
    let carry = states + 2 * stateCount, cellLines = carry + batch * paddedUnits, gateGradients = cellLines + batch * paddedUnits
    let rest = gateGradients + rows * gradientsStep
    packGradientWeights(recurrentWeights.address, into: packedWeights, on: processor)
    states.update(repeating: 0, count: 2 * stateCount)
    padLines(stateGradient?.address, lines: batch, into: carry)
    padLines(cellGradient?.address, lines: batch, into: cellLines)

    // One step more than there are: it completes the gradient of the state that the first began with.
    let run = RecurrentGradientRun(
      layer: self, kernels: kernels, weights: UnsafePointer(packedWeights), states: states, saved: saved.address, output: outputGradient.address,
      gradients: gateGradients, carry: carry, cells: cellLines, lengths: lengths?.address)
    processor.threads.forEachStep(steps + 1, unitPanels, run) { run, step, panel in run.perform(step, panel) }

    let products = products(kernels), ofGates = UnsafePointer(gateGradients), hidden = saved.address + (cell.saved - 1) * units
    if !parts.x.isEmpty {
      let target = result + parts.x.lowerBound
      products.x.run(
        ofGates, .plain(inputWeights.address), start: isAdding ? UnsafePointer(target) : nil, startStride: isAdding ? inputs : 0, .linear, target,
        rest, processor)
    }
    if !parts.inputWeights.isEmpty {
      products.input.run(ofGates, .plain(x.address), start: nil, startStride: 0, .linear, result + parts.inputWeights.lowerBound, rest, processor)
    }
    if !parts.recurrentWeights.isEmpty {
      let target = result + parts.recurrentWeights.lowerBound
      products.first.run(ofGates, .plain(hidden), start: nil, startStride: 0, .linear, target, rest, processor)
      if cell == .gru {
        products.last.run(
          ofGates + 3 * units, .plain(hidden), start: nil, startStride: 0, .linear, target + 2 * units * units, rest, processor)
      }
    }
    if !parts.inputBias.isEmpty || !parts.recurrentBias.isEmpty {
      let ones = rest, sums = rest + rows
      ones.update(repeating: 1, count: rows)
      products.sums.run(UnsafePointer(ones), .plain(ofGates), start: nil, startStride: 0, .linear, sums, sums + gradientsStep, processor)
      if !parts.inputBias.isEmpty { (result + parts.inputBias.lowerBound).update(from: sums, count: gates) }
      if !parts.recurrentBias.isEmpty {
        let target = result + parts.recurrentBias.lowerBound
        target.update(from: sums, count: gates)
        if cell == .gru { (target + 2 * units).update(from: sums + 3 * units, count: units) }
      }
    }
    for item in 0..<batch {
      if !parts.state.isEmpty { (result + parts.state.lowerBound + item * units).update(from: carry + item * paddedUnits, count: units) }
      if !parts.cells.isEmpty { (result + parts.cells.lowerBound + item * units).update(from: cellLines + item * paddedUnits, count: units) }
    }
  }
}

/// What all steps of a run backwards share.
private struct RecurrentGradientRun {
  let layer: RecurrentLayer
  let kernels: KernelTable
  let weights: UnsafePointer<Float>
  let states: UnsafeMutablePointer<Float>
  let saved, output: UnsafePointer<Float>
  let gradients, carry, cells: UnsafeMutablePointer<Float>
  let lengths: UnsafePointer<Float>?

  func perform(_ step: Int, _ panel: Int) {
    let isLast = step == layer.steps, time = isLast ? 0 : layer.time(ofStep: layer.steps - 1 - step), row = time * layer.stepRows
    let savedStep = layer.cell.saved * layer.units, gradientsStep = layer.cell.gradients * layer.units
    let stateCount = layer.batch * layer.cell.gates * layer.depth
    let work = RecurrentGradientStep(
      units: layer.units, paddedUnits: layer.paddedUnits, panels: layer.panels, state: UnsafePointer(states + step % 2 * stateCount),
      nextState: states + (step + 1) % 2 * stateCount, weights: weights, saved: saved + row * savedStep, savedStep: layer.itemRows * savedStep,
      output: isLast ? nil : output + row * layer.outputStride, outputStep: layer.itemRows * layer.outputStride,
      gradients: gradients + row * gradientsStep, gradientsStep: layer.itemRows * gradientsStep, carry: carry, cells: cells, lengths: lengths,
      time: Float(time))
    switch layer.cell {
    case .gru: kernels.gruGradientStep(work, panel)
    case .lstm: kernels.lstmGradientStep(work, panel)
    }
  }
}
