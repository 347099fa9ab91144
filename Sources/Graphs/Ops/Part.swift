import Kernels
import Tensors

/// y = x[range], reshaped: some consecutive numbers of a tensor, row-major, as a tensor of their own
///
/// Operations with several results put them into one tensor, one after the other, and say where; see ``Recurrent/parts(of:)``.
public struct Part: Operation, Hashable {
  public let first: Int
  public let shape: Shape

  public init(from first: Int, _ shape: Shape) {
    self.first = first
    self.shape = shape
  }

  public var name: String { "part" }

  /// The numbers' places.
  public var range: Range<Int> { first..<first + shape.count }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    guard first >= 0, shape.isCountable, range.upperBound <= inputs[0].count else {
      throw ShapeError("numbers \(first) to \(first + shape.count) are not among \(inputs[0].count)")
    }
    return shape
  }

  public func prepare(at site: Site) -> KernelCall {
    let range = range
    return KernelCall { inputs, output, _ in copy(inputs[0], from: range.lowerBound, count: range.count, into: &output, at: 0) }
  }
}

extension Part {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let count = graph[site.inputs[0]].shape.count, line = try graph.reshaped(site.gradient, [shape.count])
    let padded = try graph.append(PadZeros(axis: 0, before: first, after: count - range.upperBound), [line])
    return [try graph.reshaped(padded, graph[site.inputs[0]].shape)]
  }
}
