import KernelTemplates

/// Weights of a ``RecurrentLayer``, packed once for many runs forward.
public struct PackedRecurrentWeights: Sendable {
  let input: PackedMatrix
  /// [panel of units][gate][units][two vectors], then the recurrent bias, padded.
  let recurrent: AlignedFloats
  let inputBias: AlignedFloats

  /// Weights as ``RecurrentLayer/forward(_:inputWeights:recurrentWeights:inputBias:recurrentBias:packed:state:cells:lengths:into:parts:scratch:on:)`` takes them.
  public init(
    inputWeights: Span<Float>, recurrentWeights: Span<Float>, inputBias: Span<Float>, recurrentBias: Span<Float>, of layer: RecurrentLayer,
    on processor: Processor
  ) {
    layer.check(inputWeights, recurrentWeights, inputBias, recurrentBias)
    input = PackedMatrix(inputWeights, depth: layer.inputs, columns: layer.cell.gates * layer.units, isTransposed: true, on: processor)
    recurrent = AlignedFloats(count: layer.packedWeightCount)
    layer.packWeights(recurrentWeights.address, bias: recurrentBias.address, into: recurrent.base, on: processor)
    self.inputBias = AlignedFloats(count: inputBias.count)
    self.inputBias.base.update(from: inputBias.address, count: inputBias.count)
  }
}

extension RecurrentLayer {
  func check(_ inputWeights: Span<Float>, _ recurrentWeights: Span<Float>, _ inputBias: Span<Float>, _ recurrentBias: Span<Float>) {
    let rows = cell.gates * units
    precondition(inputWeights.count == rows * inputs && recurrentWeights.count == rows * units, "weights of another layer")
    precondition(inputBias.count == rows && recurrentBias.count == rows, "biases of another layer")
  }

  /// How many floats the packed recurrent weights and their bias take.
  var packedWeightCount: Int { cell.gates * paddedUnits * (units + 1) }

  /// Packs the recurrent weights, transposed, as [panel of units][gate][units][2 V], and the bias after them as [gate][padded units].
  func packWeights(_ weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, on processor: Processor) {
    processor.threads.forEach(unitPanels * cell.gates, (layer: self, processor.kernels, weights, target)) { work, _, index in
      let (layer, kernels, weights, target) = work
      let panel = index / layer.cell.gates, gate = index % layer.cell.gates
      let lines = MatrixLines(base: weights + gate * layer.units * layer.units, lineStep: layer.units, depthStep: 1, count: layer.units)
      kernels.packColumns(lines, panel * layer.width, 1, 0..<layer.units, 0, target + index * layer.units * layer.width)
    }
    padLines(bias, lines: cell.gates, into: target + cell.gates * paddedUnits * units)
  }

  /// How many floats the recurrent weights take as they are multiplied backwards.
  var packedGradientWeightCount: Int { cell.gates * depth * paddedUnits }

  /// Packs the recurrent weights as they lie, as [panel of units][gate][units, filled up to vectors by zeros][2 V].
  func packGradientWeights(_ weights: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, on processor: Processor) {
    processor.threads.forEach(unitPanels * cell.gates, (layer: self, processor.kernels, weights, target)) { work, _, index in
      let (layer, kernels, weights, target) = work
      let panel = index / layer.cell.gates, gate = index % layer.cell.gates, block = target + index * layer.depth * layer.width
      let lines = MatrixLines(base: weights + gate * layer.units * layer.units, lineStep: 1, depthStep: layer.units, count: layer.units)
      kernels.packColumns(lines, panel * layer.width, 1, 0..<layer.units, 0, block)
      (block + layer.units * layer.width).update(repeating: 0, count: (layer.depth - layer.units) * layer.width)
    }
  }
}
