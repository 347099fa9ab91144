import Kernels

extension Graph {
  /// activation(conv(x) + r): a sum after a convolution is taken where the convolution writes, if nothing else sees its result.
  public func fusingResiduals() -> Graph {
    let users = users()
    return rebuilt { new, index, positions in
      guard let add = self[index].operation as? Add, self[index].shape.rank == 4 else { return nil }
      let inputs = self[index].inputs
      // Of two convolutions the later one takes the sum, since it must see the other's result.
      for (convolution, residual) in [(inputs[1], inputs[0]), (inputs[0], inputs[1])].sorted(by: { $0.0 > $1.0 }) {
        guard var operation = self[convolution].operation as? Convolution2D, operation.activation == .linear, !operation.addsResidual,
          !operation.isPooled, users[convolution].count == 1, !isOutput(convolution), convolution != residual,
          self[convolution].inputs.count == 3 || constantValue(self[convolution].inputs[1]) != nil
        else { continue }
        operation.addsResidual = true
        operation.activation = add.activation
        var node = self[convolution]
        node.operation = operation
        var places = node.inputs.map { positions[$0] }
        if places.count == 2 { places.append(new.constant("\(node.name).bias", .init([node.shape.channels]))) }
        return new.copy(node, inputs: places + [positions[residual]])
      }
      return nil
    }
  }
}
