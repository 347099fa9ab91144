import KernelTemplates

/// Where in one piece of memory the results of a run forward go; what nobody wants has no elements.
public struct RecurrentParts: Sendable {
  /// The states after each step, as the input lies, ``RecurrentLayer/outputStride`` floats an item and step.
  public var output: Range<Int>
  /// What the last steps leave, [batch][units] each.
  public var state, cells: Range<Int>
  /// ``RecurrentLayer/savedCount`` floats for the gradient.
  public var saved: Range<Int>

  public init(output: Range<Int>, state: Range<Int> = 0..<0, cells: Range<Int> = 0..<0, saved: Range<Int> = 0..<0) {
    self.output = output
    self.state = state
    self.cells = cells
    self.saved = saved
  }
}

extension RecurrentLayer {
  /// How many floats of working memory a run forward needs.
  public func forwardScratchCount(isSaving: Bool, kernels: KernelTable) -> Int {
    let gates = cell.gates * units
    return packedWeightCount + 2 * batch * depth + batch * paddedUnits + (isSaving ? 0 : rows * gates)
      + projection(stride: isSaving ? cell.saved * units : gates, kernels: kernels).scratchCount
  }

  /// Runs the layer over all steps.
  ///
  /// - Parameters:
  ///   - x: [batch][steps][inputs], or [steps][batch][inputs].
  ///   - inputWeights, recurrentWeights: [gates · units][inputs] and [gates · units][units], the gates in the order of ``RecurrentCell``.
  ///   - inputBias, recurrentBias: [gates · units] each.
  ///   - packed: the same weights, packed before, or nil: then they are packed in each run.
  ///   - state, cells: what the steps begin with, [batch][units] each; nil for zeros. Only an LSTM has cells.
  ///   - lengths: how many steps each item has, [batch], as whole numbers; nil if all have all.
  ///   - result: where ``RecurrentParts`` go.
  public func forward(
    _ x: Span<Float>, inputWeights: Span<Float>, recurrentWeights: Span<Float>, inputBias: Span<Float>, recurrentBias: Span<Float>,
    packed: PackedRecurrentWeights? = nil, state: Span<Float>? = nil, cells: Span<Float>? = nil, lengths: Span<Float>? = nil,
    into result: inout MutableSpan<Float>, parts: RecurrentParts, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    check(inputWeights, recurrentWeights, inputBias, recurrentBias)
    let kernels = processor.kernels, isSaving = !parts.saved.isEmpty
    precondition(kernels.lanes == lanes, "planned for kernels of other vectors")
    precondition(x.count == rows * inputs && parts.output.count >= (rows - 1) * outputStride + units)
    precondition(lengths == nil || lengths!.count == batch)
    precondition(state == nil || state!.count == batch * units)
    precondition(cells == nil || cells!.count == batch * units)
    precondition(!isSaving || parts.saved.count == savedCount)
    precondition(parts.state.isEmpty || parts.state.count == batch * units)
    precondition(parts.cells.isEmpty || parts.cells.count == batch * units)
    precondition(max(parts.output.upperBound, parts.state.upperBound, parts.cells.upperBound, parts.saved.upperBound) <= result.count)
    precondition(scratch.count >= forwardScratchCount(isSaving: isSaving, kernels: kernels))

    let result = result.address
    let packedWeights = scratch.address, states = packedWeights + packedWeightCount, cellLines = states + 2 * batch * depth
    let ownGates = cellLines + batch * paddedUnits, gatesStep = (isSaving ? cell.saved : cell.gates) * units
    let gates = isSaving ? result + parts.saved.lowerBound : ownGates, rest = ownGates + (isSaving ? 0 : rows * gatesStep)
    let product = projection(stride: gatesStep, kernels: kernels)
    let bias = packed.map { UnsafePointer($0.inputBias.base) } ?? inputBias.address
    product.run(
      x.address, packed.map { .packed(UnsafePointer($0.input.panels.base)) } ?? .plain(inputWeights.address), start: bias, startStride: 0, .linear,
      gates, rest, processor)
    if packed == nil { packWeights(recurrentWeights.address, bias: recurrentBias.address, into: packedWeights, on: processor) }
    packState(state?.address, into: states)
    padLines(cells?.address, lines: batch, into: cellLines)

    let run = RecurrentRun(
      layer: self, kernels: kernels, weights: packed.map { UnsafePointer($0.recurrent.base) } ?? UnsafePointer(packedWeights), states: states,
      gates: gates, gatesStep: gatesStep, isSaving: isSaving, output: result + parts.output.lowerBound, cells: cellLines, lengths: lengths?.address)
    processor.threads.forEachStep(steps, unitPanels, run) { run, step, panel in run.perform(step, panel) }

    if !parts.state.isEmpty { unpackState(UnsafePointer(states + steps % 2 * batch * depth), into: result + parts.state.lowerBound) }
    if !parts.cells.isEmpty {
      for item in 0..<batch { (result + parts.cells.lowerBound + item * units).update(from: cellLines + item * paddedUnits, count: units) }
    }
  }
}

/// What all steps of a run forward share.
private struct RecurrentRun {
  let layer: RecurrentLayer
  let kernels: KernelTable
  let weights: UnsafePointer<Float>
  let states, gates: UnsafeMutablePointer<Float>
  let gatesStep: Int
  let isSaving: Bool
  let output, cells: UnsafeMutablePointer<Float>
  let lengths: UnsafePointer<Float>?

  func perform(_ step: Int, _ panel: Int) {
    let time = layer.time(ofStep: step), row = time * layer.stepRows, stateCount = layer.batch * layer.depth
    let work = RecurrentStep(
      units: layer.units, paddedUnits: layer.paddedUnits, panels: layer.panels, state: UnsafePointer(states + step % 2 * stateCount),
      nextState: states + (step + 1) % 2 * stateCount, weights: weights,
      bias: weights + layer.cell.gates * layer.paddedUnits * layer.units, gates: gates + row * gatesStep, gatesStep: layer.itemRows * gatesStep,
      isSaving: isSaving, output: output + row * layer.outputStride, outputStep: layer.itemRows * layer.outputStride, cells: cells,
      lengths: lengths, time: Float(time))
    switch layer.cell {
    case .gru: kernels.gruStep(work, panel)
    case .lstm: kernels.lstmStep(work, panel)
    }
  }
}
