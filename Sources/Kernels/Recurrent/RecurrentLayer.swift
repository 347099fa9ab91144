import KernelTemplates

/// Which recurrent layer, see ``KernelTemplates/gruStep(_:_:panel:)`` and ``KernelTemplates/lstmStep(_:_:panel:)``.
public enum RecurrentCell: Sendable, Hashable {
  case gru
  case lstm

  /// How many gates the weights have: reset, update and candidate, or input, forget, candidate and output.
  public var gates: Int { self == .gru ? 3 : 4 }
  /// How many numbers a unit and step are saved for the gradient.
  public var saved: Int { self == .gru ? 5 : 7 }
  /// How many rows of gradients a unit and step there are.
  var gradients: Int { 4 }
}

/// A recurrent layer in one direction over whole sequences: all steps of the input are multiplied with their weights at once, then the steps follow each other,
/// each a product with the recurrent weights, which stay packed in the caches, and the gates, fused.
///
/// Formulas, the order of gates and the two biases are those of `torch.nn.GRU` and `torch.nn.LSTM`. Sequences may have lengths of their own: then an item that
/// has ended puts out zeros and keeps its state, and in reverse begins at its own end, as packed sequences do in PyTorch.
public struct RecurrentLayer: Sendable {
  public let cell: RecurrentCell
  public let steps, batch, inputs, units: Int
  /// Whether sequences are [batch][steps][numbers], else [steps][batch][numbers].
  public let isBatchFirst: Bool
  public let isReversed: Bool
  /// How far the layer's numbers of neighbouring items of the output lie apart: `units`, or more where other directions write beside.
  public let outputStride: Int
  let lanes: Int
  let panels: RowPanels

  public init(
    _ cell: RecurrentCell, steps: Int, batch: Int, inputs: Int, units: Int, isBatchFirst: Bool = true, isReversed: Bool = false,
    outputStride: Int? = nil, kernels: KernelTable
  ) {
    precondition(steps > 0 && batch > 0 && inputs > 0 && units > 0)
    self.cell = cell
    self.steps = steps
    self.batch = batch
    self.inputs = inputs
    self.units = units
    self.isBatchFirst = isBatchFirst
    self.isReversed = isReversed
    self.outputStride = outputStride ?? units
    lanes = kernels.lanes
    panels = RowPanels(rows: batch, largest: kernels.tileRows)
  }

  /// How many floats a step forward saves for the gradient: ``RecurrentCell/saved`` · units for each step and item.
  public var savedCount: Int { steps * batch * cell.saved * units }

  var width: Int { 2 * lanes }
  /// How many panels of two vectors the units make.
  var unitPanels: Int { (units + width - 1) / width }
  /// Units filled up to whole panels, and to whole vectors.
  var paddedUnits: Int { unitPanels * width }
  var depth: Int { (units + lanes - 1) / lanes * lanes }
  /// All steps of all items, in the order in which they lie.
  var rows: Int { steps * batch }
  /// How many rows lie between neighbouring steps, and items.
  var stepRows: Int { isBatchFirst ? 1 : batch }
  var itemRows: Int { isBatchFirst ? steps : 1 }

  /// The position in time of step number `step` of a run.
  func time(ofStep step: Int) -> Int { isReversed ? steps - 1 - step : step }

  /// The product of the input of all steps with its weights, `stride` floats a row of the result.
  func projection(stride: Int, kernels: KernelTable) -> MatrixProduct {
    MatrixProduct(rows: rows, columns: cell.gates * units, depth: inputs, transposesB: true, cStride: stride, kernels: kernels)
  }

  /// Writes the numbers [batch][units] at `source`, or zeros, as a state: for each panel of rows [units in vectors][rows][V].
  func packState(_ source: UnsafePointer<Float>?, into state: UnsafeMutablePointer<Float>) {
    state.update(repeating: 0, count: batch * depth)
    guard let source else { return }
    forEachPlace { item, unit, place in state[place] = source[item * units + unit] }
  }

  /// Writes a state as [batch][units].
  func unpackState(_ state: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    forEachPlace { item, unit, place in target[item * units + unit] = state[place] }
  }

  private func forEachPlace(_ body: (_ item: Int, _ unit: Int, _ place: Int) -> Void) {
    for panel in 0..<panels.count {
      let first = panels.firstRow(of: panel), height = panels.height(of: panel)
      for row in 0..<height {
        for unit in 0..<units { body(first + row, unit, first * depth + (unit / lanes * height + row) * lanes + unit % lanes) }
      }
    }
  }

  /// Copies lines of `units` numbers, or zeros, into lines of ``paddedUnits``, zeros after them.
  func padLines(_ source: UnsafePointer<Float>?, lines: Int, into target: UnsafeMutablePointer<Float>) {
    target.update(repeating: 0, count: lines * paddedUnits)
    guard let source else { return }
    for line in 0..<lines { (target + line * paddedUnits).update(from: source + line * units, count: units) }
  }
}

extension Span<Float> {
  /// The address of the first number: valid as long as the span is.
  var address: UnsafePointer<Float> { withUnsafeBufferPointer { $0.baseAddress ?? UnsafePointer(bitPattern: 64)! } }
}

extension MutableSpan<Float> {
  var address: UnsafeMutablePointer<Float> {
    mutating get { withUnsafeMutableBufferPointer { $0.baseAddress ?? UnsafeMutablePointer(bitPattern: 64)! } }
  }
}
