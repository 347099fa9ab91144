import Kernels

extension Graph {
  private static let fewestPixels = 512

  /// A 1×1 convolution goes into the depthwise one after it, if nothing else sees its result: the expanded maps are then never written.
  public func fusingExpansions() -> Graph {
    let users = users()
    return rebuilt { new, index, positions in
      guard let depthwise = self[index].operation as? Convolution2D, self[index].inputs.count == 3, depthwise.groups > 1,
        depthwise.groups == self[index].shape.channels, depthwise.dilation == 1, !depthwise.addsResidual, !depthwise.isPooled,
        let producer = self[index].inputs.first, depthwise.groups == self[producer].shape.channels,
        let expansion = self[producer].operation as? Convolution2D, self[producer].inputs.count == 3, expansion.groups == 1, expansion.stride == 1,
        expansion.padding == .none, !expansion.addsResidual, !expansion.isPooled, users[producer].count == 1, !isOutput(producer)
      else { return nil }
      // Small maps stay in the cache anyway, and are then better computed one after the other.
      guard self[producer].shape.height * self[producer].shape.width >= Self.fewestPixels else { return nil }
      let window = self[self[producer].inputs[1]].shape, constants = self[producer].inputs.dropFirst() + self[index].inputs.dropFirst()
      guard window[2] == 1, window[3] == 1, constants.allSatisfy({ constantValue($0) != nil }) else { return nil }
      var node = self[index]
      node.operation = ExpandedDepthwise2D(expansion: expansion, depthwise: depthwise)
      return new.copy(node, inputs: ([self[producer].inputs[0]] + constants).map { positions[$0] })
    }
  }
}
