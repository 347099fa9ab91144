import Kernels
import Tensors

/// y = the place of the largest element along an axis, the first of equal ones, as a whole number (argmax). Input: x of any shape.
public struct LargestIndex: Operation {
  /// Counted from the end if negative.
  public var axis: Int
  /// Whether the axis stays with a size of 1.
  public var keepsAxis: Bool

  public init(axis: Int, keepsAxis: Bool = false) {
    self.axis = axis
    self.keepsAxis = keepsAxis
  }

  public var name: String { "largest index" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let x = inputs[0], axis = try x.axis(axis)
    guard x[axis] <= 1 << 24 else { throw ShapeError("places above \(1 << 24) have no exact float, found an axis of \(x[axis])") }
    return Shape(x.indices.compactMap { $0 != axis ? x[$0] : keepsAxis ? 1 : nil })
  }

  public func prepare(at site: Site) -> KernelCall {
    let x = site.inputs[0], axis = axis < 0 ? axis + x.rank : axis, processor = site.processor
    let outer = x.count(of: 0..<axis), count = x[axis], inner = x.count(of: axis + 1..<x.rank)
    return KernelCall { inputs, output, _ in
      largestIndices(inputs[0], outer: outer, count: count, inner: inner, into: &output, on: processor)
    }
  }
}

extension LargestIndex {
  /// None: places do not change with the numbers, but for jumps.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [nil]
  }
}
