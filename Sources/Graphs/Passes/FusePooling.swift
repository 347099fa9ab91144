import Kernels

extension Graph {
  /// A maximum over 2×2 after a convolution is taken where the convolution writes, if nothing else sees its result.
  public func fusingPooling() -> Graph {
    let users = users()
    return rebuilt { new, index, positions in
      guard let pooling = self[index].operation as? Pooling2D, pooling.kind == .max, pooling.size == 2, pooling.stride == 2, pooling.padding == .none,
        let convolution = self[index].inputs.first, var operation = self[convolution].operation as? Convolution2D, operation.takesPooling,
        users[convolution].count == 1, !isOutput(convolution)
      else { return nil }
      operation.isPooled = true
      var node = self[convolution]
      node.operation = operation
      node.shape = self[index].shape
      return new.copy(node, inputs: node.inputs.map { positions[$0] })
    }
  }
}
