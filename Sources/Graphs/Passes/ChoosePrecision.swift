import Kernels

extension Graph {
  /// Tells each convolution what numbers to multiply. Those that cannot, because they read a plain picture or have a kernel for each channel, stay
  /// with floats.
  public func choosingPrecision(_ precision: Precision) -> Graph {
    if case .float32 = precision { return self }
    return rebuilt { new, index, positions in
      guard var operation = self[index].operation as? Convolution2D else { return nil }
      var node = self[index]
      switch precision {
      case .float32: return nil
      case .bfloat16: operation.precision = .bfloat16
      case .int8(let calibration):
        guard let range = calibration.ranges[node.name] else { return nil }
        operation.precision = .int8(lower: range.lower, upper: range.upper)
      }
      node.operation = operation
      return new.copy(node, inputs: node.inputs.map { positions[$0] })
    }
  }
}
