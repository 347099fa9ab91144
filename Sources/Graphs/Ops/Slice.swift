import Kernels
import Tensors

/// y[…, i, …] = x[…, first + i, …] along one axis. Input: x of any shape that has the axis.
public struct Slice: Operation {
  /// The axis, counted from the end if negative.
  public var axis: Int
  public var range: Range<Int>

  public init(axis: Int, _ range: Range<Int>) {
    self.axis = axis
    self.range = range
  }

  public var name: String { "slice" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    var shape = inputs[0]
    let axis = try shape.axis(axis)
    guard range.lowerBound >= 0, !range.isEmpty, range.upperBound <= shape[axis] else { throw ShapeError("places \(range) are not among \(shape[axis])") }
    shape[axis] = range.count
    return shape
  }

  public func prepare(at site: Site) -> KernelCall {
    let strides = site.inputs[0].strides, axis = axis < 0 ? axis + site.output.rank : axis, processor = site.processor
    let copy = StridedCopy(
      sizes: site.output.indices.map { site.output[$0] }, xStart: range.lowerBound * strides[axis], xStrides: strides, yStrides: site.output.strides)
    return KernelCall { inputs, output, _ in copy.run(inputs[0], into: &output, on: processor) }
  }

  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let count = graph[site.inputs[0]].shape[axis]
    return [try graph.append(PadZeros(axis: axis, before: range.lowerBound, after: count - range.upperBound), [site.gradient])]
  }
}
