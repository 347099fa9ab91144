import Tensors

/// How many numbers a unit of a layer is computed from, and how many it takes part in.
///
/// Of a linear layer's weight [out, in] these are in and out; of a convolution's [out, in / groups, height, width] they are in / groups and out,
/// times the window's pixels, as in PyTorch, where groups do not lessen the second. A vector's are its length.
public struct Fans: Hashable, Sendable {
  public let input, output: Int

  public init(_ shape: Shape) {
    guard shape.rank >= 2 else {
      (input, output) = (max(1, shape.count), max(1, shape.count))
      return
    }
    let window = (2..<shape.rank).reduce(1) { $0 * shape[$1] }
    (input, output) = (max(1, shape[1] * window), max(1, shape[0] * window))
  }
}

extension Shape {
  /// A weight as a matrix: one row for each of the layer's outputs.
  var matrixRows: Int { rank == 0 ? 1 : self[0] }
  var matrixColumns: Int { rank < 2 ? 1 : (1..<rank).reduce(1) { $0 * self[$1] } }
}
