import Tensors

extension Tensor {
  /// result[i, …] = self[indices[i], …]: the items of a batch.
  ///
  /// - Precondition: at least one axis, and every index within the first.
  public func items(_ indices: [Int]) -> Tensor {
    precondition(shape.rank > 0, "a scalar has no items")
    var sizes = shape.indices.map { shape[$0] }, result: Tensor
    let each = sizes.dropFirst().reduce(1, *), source = span
    sizes[0] = indices.count
    result = Tensor(Shape(sizes))
    result.withMutableSpan { target in
      for (place, index) in indices.enumerated() {
        precondition(index >= 0 && index < shape[0], "item \(index) of \(shape[0])")
        for offset in 0..<each { target[place * each + offset] = source[index * each + offset] }
      }
    }
    return result
  }
}
