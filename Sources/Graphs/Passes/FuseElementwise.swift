import Kernels
import Tensors

/// An operation that computes each element of its result from the same elements of its inputs.
protocol ElementwiseOperation: Operation {
  /// The functions that make the result out of input number `main`, one after the other; nil if that is not possible.
  func functions(ofInput main: Int, constants: [Tensor?]) -> [FusedElementwise.Function]?
}

extension Activate: ElementwiseOperation {
  func functions(ofInput main: Int, constants: [Tensor?]) -> [FusedElementwise.Function]? { [.activate(activation)] }
}

extension Affine: ElementwiseOperation {
  func functions(ofInput main: Int, constants: [Tensor?]) -> [FusedElementwise.Function]? { [.scaleAndShift(scale, shift)] }
}

extension Add: ElementwiseOperation {
  func functions(ofInput main: Int, constants: [Tensor?]) -> [FusedElementwise.Function]? {
    [.add(input: 1 - main)] + (activation == .linear ? [] : [.activate(activation)])
  }
}

extension Multiply: ElementwiseOperation {
  func functions(ofInput main: Int, constants: [Tensor?]) -> [FusedElementwise.Function]? { [.multiply(input: 1 - main)] }
}

extension ScaleChannels: ElementwiseOperation {
  func functions(ofInput main: Int, constants: [Tensor?]) -> [FusedElementwise.Function]? { main == 0 ? [.scaleMaps(input: 1)] : nil }
}

extension BatchNormalization: ElementwiseOperation {
  func functions(ofInput main: Int, constants: [Tensor?]) -> [FusedElementwise.Function]? {
    main == 0 ? affine(Array(constants.dropFirst())).map { [.scaleAndShiftChannels(scale: $0.scale, shift: $0.shift)] } : nil
  }
}

extension FusedElementwise: ElementwiseOperation {
  func functions(ofInput main: Int, constants: [Tensor?]) -> [FusedElementwise.Function]? { main == 0 ? functions : nil }
}

extension FusedElementwise.Function {
  /// The input that is read beside the element so far.
  fileprivate var operand: Int? {
    switch self {
    case .activate, .scaleAndShift, .scaleAndShiftChannels: nil
    case .add(let input), .multiply(let input), .scaleMaps(let input): input
    }
  }

  fileprivate func reading(_ input: Int) -> Self {
    switch self {
    case .activate, .scaleAndShift, .scaleAndShiftChannels: self
    case .add: .add(input: input)
    case .multiply: .multiply(input: input)
    case .scaleMaps: .scaleMaps(input: input)
    }
  }
}

extension Graph {
  /// Runs of elementwise operations become one operation, which reads and writes memory once, where nothing else sees what is between them.
  public func fusingElementwise() -> Graph {
    let users = users()
    return rebuilt { new, index, positions in
      guard let operation = self[index].operation as? any ElementwiseOperation else { return nil }
      let inputs = self[index].inputs, constants = inputs.map { constantValue($0) }
      for (main, producer) in inputs.prefix(2).enumerated() where users[producer].count == 1 && !isOutput(producer) {
        let before = new[positions[producer]]
        guard let first = before.operation as? any ElementwiseOperation, let functions = operation.functions(ofInput: main, constants: constants),
          let functionsBefore = first.functions(ofInput: 0, constants: before.inputs.map { new.constantValue($0) })
        else { continue }
        // The inputs that are still read, each once beside x.
        var wanted = [before.inputs[0]], fused: [FusedElementwise.Function] = []
        for (function, places) in functionsBefore.map({ ($0, before.inputs) }) + functions.map({ ($0, inputs.map { positions[$0] }) }) {
          guard let operand = function.operand else {
            fused.append(function)
            continue
          }
          let place = wanted.dropFirst().firstIndex(of: places[operand]) ?? wanted.count
          if place == wanted.count { wanted.append(places[operand]) }
          fused.append(function.reading(place))
        }
        guard wanted.count <= FusedElementwise.inputLimit else { continue }
        var node = self[index]
        node.operation = FusedElementwise(functions: fused, name: "\(first.name), \(operation.name)")
        return new.copy(node, inputs: wanted)
      }
      return nil
    }
  }
}
