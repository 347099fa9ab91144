import Kernels

/// An operation that can apply an activation to its result where it writes it.
protocol ActivationFusing: Operation {
  var activation: Activation { get set }
}

extension Convolution2D: ActivationFusing {}
extension ConvolutionTranspose2D: ActivationFusing {}
extension FullyConnected: ActivationFusing {}
extension MatrixMultiply: ActivationFusing {}
extension Add: ActivationFusing {}

extension Graph {
  /// Moves an activation into the operation before it, if that can take it and nothing else sees its result.
  public func fusingActivations() -> Graph {
    let users = users()
    return rebuilt { new, index, positions in
      guard let activate = self[index].operation as? Activate, let producer = self[index].inputs.first,
        var operation = self[producer].operation as? any ActivationFusing, operation.activation == .linear,
        users[producer].count == 1, !isOutput(producer)
      else { return nil }
      operation.activation = activate.activation
      var node = self[producer]
      node.operation = operation
      return new.copy(node, inputs: node.inputs.map { positions[$0] })
    }
  }
}
