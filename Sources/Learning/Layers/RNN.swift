import Graphs
import Kernels
public import Tensors

/// h′ = tanh(W_i · x + b_i + W_h · h + b_h): the plain recurrent layer (Elman 1990), with the names of `torch.nn.RNN`.
///
/// Its steps are nodes of their own: for some dozens of steps. For long sequences take ``RecurrentLayers``.
public struct RNN: Module {
  public var inputWeight, recurrentWeight, inputBias, recurrentBias: Parameter

  /// Weights begin uniformly within ±1/√units, as in PyTorch.
  public init(inputs: Int, units: Int, using random: inout RandomNumbers) {
    let bound = 1 / Float(units).squareRoot()
    func parameter(_ shape: Shape) -> Parameter { Parameter(Tensor(shape, uniformIn: -bound..<bound, using: &random)) }
    inputWeight = parameter([units, inputs])
    recurrentWeight = parameter([units, units])
    inputBias = parameter([units])
    recurrentBias = parameter([units])
  }

  /// - Parameters:
  ///   - x: [batch, steps, inputs].
  ///   - state: the state before the first step, [batch, units]; nil for zeros.
  /// - Returns: the state after each step, [batch, steps, units], and the last.
  public func callAsFunction(_ x: Node, state: Node? = nil, phase: Phase = .inference) -> (sequence: Node, state: Node) {
    let recorder = x.recorder, batch = x.shape[0], steps = x.shape[1], units = inputBias.value.count
    let weight = recurrentWeight.node(in: recorder), bias = recurrentBias.node(in: recorder)
    // One product for the inputs of all steps.
    let inputs = recorder.append(
      FullyConnected(), [x.reshaped([batch * steps, x.shape[2]]), inputWeight.node(in: recorder), inputBias.node(in: recorder)])
      .reshaped([batch, steps, units])
    var state = state ?? recorder.constant(Tensor([batch, units])), states: [Node] = []
    for step in 0..<steps {
      let input = inputs.slice(axis: 1, step..<step + 1).reshaped([batch, units])
      state = recorder.append(Add(activation: .tanh), [input, recorder.append(FullyConnected(), [state, weight, bias])])
      states.append(state.reshaped([batch, 1, units]))
    }
    return (concatenated(states, axis: 1), state)
  }

  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("weight_ih_l0", &inputWeight)
    try visitor.visit("weight_hh_l0", &recurrentWeight)
    try visitor.visit("bias_ih_l0", &inputBias)
    try visitor.visit("bias_hh_l0", &recurrentBias)
  }
}
