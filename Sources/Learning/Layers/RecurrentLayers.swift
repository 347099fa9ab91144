import Graphs
public import Kernels
public import Tensors

/// GRU or LSTM layers one after the other, each over the whole sequence, in one or both directions: see ``Recurrent`` for formulas and shapes.
///
/// The names of parameters are those of `torch.nn.GRU` and `torch.nn.LSTM`: `weight_ih_l0`, `bias_hh_l1_reverse`.
public struct RecurrentLayers: Module {
  public let cell: RecurrentCell
  public let isBidirectional: Bool
  /// What part of the states between layers is dropped in training.
  public let dropout: Float
  /// For each layer, and of it for each direction.
  public var weights: [[Weights]]

  /// One direction of one layer.
  public struct Weights: Sendable {
    public var input, recurrent, inputBias, recurrentBias: Parameter
  }

  /// Weights begin uniformly within ±1/√units, as in PyTorch.
  public init(
    _ cell: RecurrentCell, inputs: Int, units: Int, layers: Int = 1, isBidirectional: Bool = false, dropout: Float = 0,
    using random: inout RandomNumbers
  ) {
    precondition(inputs > 0 && units > 0 && layers > 0)
    self.cell = cell
    self.isBidirectional = isBidirectional
    self.dropout = dropout
    let rows = cell.gates * units, bound = 1 / Float(units).squareRoot(), directions = isBidirectional ? 2 : 1
    weights = []
    for layer in 0..<layers {
      let width = layer == 0 ? inputs : directions * units
      var own: [Weights] = []
      for _ in 0..<directions {
        func parameter(_ shape: Shape) -> Parameter { Parameter(Tensor(shape, uniformIn: -bound..<bound, using: &random)) }
        own.append(
          Weights(input: parameter([rows, width]), recurrent: parameter([rows, units]), inputBias: parameter([rows]), recurrentBias: parameter([rows])))
      }
      weights.append(own)
    }
  }

  /// What comes out: the last layer's states at each step [batch, steps, directions · units], and its final states, and cells of an LSTM, [directions, batch,
  /// units].
  public struct Result {
    public let sequence, state: Node
    public let cells: Node?
    /// The last step of each direction, [batch, directions · units].
    public let last: Node
  }

  /// - Parameters:
  ///   - x: [batch, steps, inputs].
  ///   - lengths: how many steps each item has, [batch]; nil for all.
  public func callAsFunction(_ x: Node, lengths: Node? = nil, phase: Phase) -> Result {
    var sequence = x, result: Result?
    for (number, layer) in weights.enumerated() {
      if number > 0 { sequence = Dropout(dropout)(sequence, phase: phase) }
      let operation = Recurrent(
        cell, directions: isBidirectional ? .both : .forward, hasLengths: lengths != nil, result: phase == .training ? .training : .states)
      let inputs = [sequence] + layer.flatMap { own in
        [own.input, own.recurrent, own.inputBias, own.recurrentBias].map { $0.node(in: x.recorder) }
      } + (lengths.map { [$0] } ?? [])
      let line = x.recorder.append(operation, inputs), parts = operation.parts(of: inputs.map(\.shape))
      sequence = line.applying(parts.output)
      let state = line.applying(parts.state), shape = state.shape
      result = Result(
        sequence: sequence, state: state, cells: cell == .lstm ? line.applying(parts.cells) : nil,
        last: state.permuted([1, 0, 2]).reshaped([shape[1], shape[0] * shape[2]]))
    }
    return result!
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    for layer in weights.indices {
      for direction in weights[layer].indices {
        let suffix = "l\(layer)\(direction == 1 ? "_reverse" : "")"
        try visitor.visit("weight_ih_\(suffix)", &weights[layer][direction].input)
        try visitor.visit("weight_hh_\(suffix)", &weights[layer][direction].recurrent)
        try visitor.visit("bias_ih_\(suffix)", &weights[layer][direction].inputBias)
        try visitor.visit("bias_hh_\(suffix)", &weights[layer][direction].recurrentBias)
      }
    }
  }
}
