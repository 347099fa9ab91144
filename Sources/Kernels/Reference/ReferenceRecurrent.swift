import Glibc

extension Reference {
  /// A recurrent layer as its formulas say it: the operands, in double precision, of ``RecurrentLayer``.
  public struct Recurrent {
    public var cell: RecurrentCell
    public var steps, batch, inputs, units: Int
    public var isBatchFirst = true, isReversed = false
    public var x, inputWeights, recurrentWeights, inputBias, recurrentBias: [Double]
    /// [batch][units] each.
    public var state, cells: [Double]
    public var lengths: [Int]

    public init(
      _ cell: RecurrentCell, steps: Int, batch: Int, inputs: Int, units: Int, x: [Double], inputWeights: [Double], recurrentWeights: [Double],
      inputBias: [Double], recurrentBias: [Double], state: [Double], cells: [Double], lengths: [Int]
    ) {
      self.cell = cell
      self.steps = steps
      self.batch = batch
      self.inputs = inputs
      self.units = units
      self.x = x
      self.inputWeights = inputWeights
      self.recurrentWeights = recurrentWeights
      self.inputBias = inputBias
      self.recurrentBias = recurrentBias
      self.state = state
      self.cells = cells
      self.lengths = lengths
    }

    /// The states after each step, as `x` lies, and what the last steps leave.
    public func callAsFunction() -> (output: [Double], state: [Double], cells: [Double]) {
      func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
      var output = [Double](repeating: 0, count: steps * batch * units), finalState = state, finalCells = cells
      for item in 0..<batch {
        var h = Array(state[item * units..<(item + 1) * units]), c = Array(cells[item * units..<(item + 1) * units])
        for step in 0..<lengths[item] {
          let time = isReversed ? lengths[item] - 1 - step : step
          let row = isBatchFirst ? item * steps + time : time * batch + item
          let old = h
          func fromInput(_ gate: Int) -> Double {
            (0..<inputs).reduce(inputBias[gate]) { $0 + inputWeights[gate * inputs + $1] * x[row * inputs + $1] }
          }
          func fromState(_ gate: Int) -> Double {
            (0..<units).reduce(recurrentBias[gate]) { $0 + recurrentWeights[gate * units + $1] * old[$1] }
          }
          for u in 0..<units {
            func gate(_ number: Int) -> Double { fromInput(number * units + u) + fromState(number * units + u) }
            switch cell {
            case .gru:
              let r = logistic(gate(0)), z = logistic(gate(1)), n = tanh(fromInput(2 * units + u) + r * fromState(2 * units + u))
              h[u] = (1 - z) * n + z * old[u]
            case .lstm:
              c[u] = logistic(gate(1)) * c[u] + logistic(gate(0)) * tanh(gate(2))
              h[u] = logistic(gate(3)) * tanh(c[u])
            }
            output[row * units + u] = h[u]
          }
        }
        finalState.replaceSubrange(item * units..<(item + 1) * units, with: h)
        finalCells.replaceSubrange(item * units..<(item + 1) * units, with: c)
      }
      return (output, finalState, finalCells)
    }
  }
}
