import Kernels
import Testing

@Suite struct RecurrentTests {
  @Test(arguments: tables.indices, [RecurrentCell.gru, .lstm]) func equalsTheReference(table: Int, cell: RecurrentCell) {
    let lanes = tables[table].lanes
    for (batch, steps, inputs) in [(1, 5, 3), (2, 1, 7), (3, 4, 17), (4, 3, 1), (17, 2, 5)] {
      for units in [1, 3, lanes - 1, lanes, lanes + 1, 2 * lanes, 2 * lanes + 3, 4 * lanes] {
        for (isBatchFirst, isReversed) in [(true, false), (false, true)] {
          let test = Case(cell, steps, batch, inputs, units, isBatchFirst, isReversed, ends: batch > 1)
          let expected = test.reference(), found = test.run(tables[table], threads: 2)
          let what = "\(tables[table].name) \(cell) \(batch)×\(steps)×\(inputs)→\(units)"
          expectClose(found.output, expected.output.map(Float.init), tolerance: 2e-6, what)
          expectClose(found.state, expected.state.map(Float.init), tolerance: 2e-6, "\(what) state")
          if cell == .lstm { expectClose(found.cells, expected.cells.map(Float.init), tolerance: 4e-6, "\(what) cells") }
          let packed = test.run(tables[table], threads: 2, isSaving: false, isPacked: true)
          expectClose(packed.output, found.output, tolerance: 2e-6, "\(what) packed, without saving")
        }
      }
    }
  }

  /// Every gradient against central differences of the reference, whose double precision leaves them ten good digits.
  @Test(arguments: tables.indices, [RecurrentCell.gru, .lstm]) func gradientsEqualDifferences(table: Int, cell: RecurrentCell) {
    let lanes = tables[table].lanes
    for (batch, steps, inputs, units, isReversed) in [
      (1, 3, 2, lanes + 1, false), (2, 3, 3, 5, true), (4, 2, 2, 3, false), (lanes / 2 + 3, 2, 1, 2, true), (3, 4, 2, 2, false),
    ] {
      for isBatchFirst in [true, false] {
        let test = Case(cell, steps, batch, inputs, units, isBatchFirst, isReversed, ends: true)
        let found = test.gradients(tables[table], threads: 2)
        let what = "\(tables[table].name) \(cell) \(batch)×\(steps)×\(inputs)→\(units)"
        for (name, path, values) in [
          ("x", \Reference.Recurrent.x, found.x), ("input weights", \.inputWeights, found.inputWeights),
          ("recurrent weights", \.recurrentWeights, found.recurrentWeights), ("input bias", \.inputBias, found.inputBias),
          ("recurrent bias", \.recurrentBias, found.recurrentBias), ("state", \.state, found.state), ("cells", \.cells, found.cells),
        ] where cell == .lstm || name != "cells" {
          expectClose(values, test.differences(path), tolerance: 1e-5, "\(what) \(name)")
        }
      }
    }
  }

  @Test(arguments: tables.indices, [RecurrentCell.gru, .lstm]) func sameBitsForAnyNumberOfThreads(table: Int, cell: RecurrentCell) {
    for batch in [1, 5, 19] {
      let test = Case(cell, 7, batch, 11, 6 * tables[table].lanes + 1, true, false, ends: true)
      let first = test.run(tables[table], threads: 1), gradients = test.gradients(tables[table], threads: 1)
      for threads in [2, 3, 7] {
        #expect(test.run(tables[table], threads: threads) == first, "\(tables[table].name) \(cell), \(threads) threads")
        #expect(test.gradients(tables[table], threads: threads) == gradients, "\(tables[table].name) \(cell) backwards, \(threads) threads")
      }
    }
  }
}

/// A layer with operands that look random, and gradients of what it puts out.
private struct Case {
  let layer: (KernelTable) -> RecurrentLayer
  let reference: Reference.Recurrent
  let x, inputWeights, recurrentWeights, inputBias, recurrentBias, state, cells, lengths: [Float]
  let outputGradient, stateGradient, cellGradient: [Float]

  struct Result: Equatable { var output, state, cells: [Float] }
  struct Gradients: Equatable { var x, inputWeights, recurrentWeights, inputBias, recurrentBias, state, cells: [Float] }

  init(_ cell: RecurrentCell, _ steps: Int, _ batch: Int, _ inputs: Int, _ units: Int, _ isBatchFirst: Bool, _ isReversed: Bool, ends: Bool) {
    let gates = cell.gates * units
    layer = {
      RecurrentLayer(
        cell, steps: steps, batch: batch, inputs: inputs, units: units, isBatchFirst: isBatchFirst, isReversed: isReversed, kernels: $0)
    }
    x = noise(steps * batch * inputs, seed: 1)
    inputWeights = noise(gates * inputs, seed: 2)
    recurrentWeights = noise(gates * units, seed: 3).map { $0 / Float(units).squareRoot() }
    (inputBias, recurrentBias) = (noise(gates, seed: 4), noise(gates, seed: 5))
    (state, cells) = (noise(batch * units, seed: 6), noise(batch * units, seed: 7))
    lengths = (0..<batch).map { Float(ends ? max(1, steps - $0 % steps) : steps) }
    outputGradient = noise(steps * batch * units, seed: 8)
    (stateGradient, cellGradient) = (noise(batch * units, seed: 9), noise(batch * units, seed: 10))
    var reference = Reference.Recurrent(
      cell, steps: steps, batch: batch, inputs: inputs, units: units, x: x.map(Double.init), inputWeights: inputWeights.map(Double.init),
      recurrentWeights: recurrentWeights.map(Double.init), inputBias: inputBias.map(Double.init), recurrentBias: recurrentBias.map(Double.init),
      state: state.map(Double.init), cells: cells.map(Double.init), lengths: lengths.map { Int($0) })
    reference.isBatchFirst = isBatchFirst
    reference.isReversed = isReversed
    self.reference = reference
  }

  func run(_ table: KernelTable, threads: Int, isSaving: Bool = true, isPacked: Bool = false) -> Result { runSaving(table, threads, isSaving, isPacked).0 }

  private func runSaving(_ table: KernelTable, _ threads: Int, _ isSaving: Bool, _ isPacked: Bool = false) -> (Result, saved: [Float]) {
    let layer = layer(table), processor = processor(table, threads: threads)
    let output = layer.steps * layer.batch * layer.units, line = layer.batch * layer.units
    let parts = RecurrentParts(
      output: 0..<output, state: output..<output + line, cells: output + line..<output + 2 * line,
      saved: output + 2 * line..<output + 2 * line + (isSaving ? layer.savedCount : 0))
    var result = [Float](repeating: .nan, count: parts.saved.upperBound)
    var scratch = [Float](repeating: .nan, count: layer.forwardScratchCount(isSaving: isSaving, kernels: table))
    let packed =
      isPacked
      ? PackedRecurrentWeights(
        inputWeights: inputWeights.span, recurrentWeights: recurrentWeights.span, inputBias: inputBias.span, recurrentBias: recurrentBias.span,
        of: layer, on: processor) : nil
    var resultSpan = result.mutableSpan, scratchSpan = scratch.mutableSpan
    layer.forward(
      x.span, inputWeights: inputWeights.span, recurrentWeights: recurrentWeights.span, inputBias: inputBias.span,
      recurrentBias: recurrentBias.span, packed: packed, state: state.span, cells: cells.span, lengths: lengths.span, into: &resultSpan,
      parts: parts, scratch: &scratchSpan, on: processor)
    return (Result(output: Array(result[parts.output]), state: Array(result[parts.state]), cells: Array(result[parts.cells])), Array(result[parts.saved]))
  }

  func gradients(_ table: KernelTable, threads: Int) -> Gradients {
    let layer = layer(table), processor = processor(table, threads: threads), saved = runSaving(table, threads, true).saved
    var end = 0
    func part(_ count: Int) -> Range<Int> {
      end += count
      return end - count..<end
    }
    let parts = RecurrentGradientParts(
      x: part(x.count), inputWeights: part(inputWeights.count), recurrentWeights: part(recurrentWeights.count), inputBias: part(inputBias.count),
      recurrentBias: part(recurrentBias.count), state: part(state.count), cells: part(cells.count))
    var result = [Float](repeating: .nan, count: end), scratch = [Float](repeating: .nan, count: layer.backwardScratchCount(kernels: table))
    var resultSpan = result.mutableSpan, scratchSpan = scratch.mutableSpan
    layer.backward(
      x.span, inputWeights: inputWeights.span, recurrentWeights: recurrentWeights.span, lengths: lengths.span, saved: saved.span,
      outputGradient: outputGradient.span, stateGradient: stateGradient.span, cellGradient: layer.cell == .lstm ? cellGradient.span : nil,
      into: &resultSpan, parts: parts, scratch: &scratchSpan, on: processor)
    return Gradients(
      x: Array(result[parts.x]), inputWeights: Array(result[parts.inputWeights]), recurrentWeights: Array(result[parts.recurrentWeights]),
      inputBias: Array(result[parts.inputBias]), recurrentBias: Array(result[parts.recurrentBias]), state: Array(result[parts.state]),
      cells: Array(result[parts.cells]))
  }

  /// The derivatives of Σ output · its gradient + Σ state · its gradient + Σ cells · its gradient.
  func differences(_ path: WritableKeyPath<Reference.Recurrent, [Double]>) -> [Float] {
    func loss(_ reference: Reference.Recurrent) -> Double {
      func dot(_ a: [Double], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * Double($1.1) } }
      let result = reference()
      return dot(result.output, outputGradient) + dot(result.state, stateGradient)
        + (reference.cell == .lstm ? dot(result.cells, cellGradient) : 0)
    }
    return reference[keyPath: path].indices.map { index in
      let step = 1e-5
      var above = reference, below = reference
      above[keyPath: path][index] += step
      below[keyPath: path][index] -= step
      return Float((loss(above) - loss(below)) / (2 * step))
    }
  }
}
