import Kernels
import Tensors

/// y[…, before + i, …] = x[…, i, …] along one axis, and zeros before and after. Input: x of any shape that has the axis.
public struct PadZeros: Operation {
  /// The axis, counted from the end if negative.
  public var axis: Int
  public var before, after: Int

  public init(axis: Int, before: Int, after: Int) {
    self.axis = axis
    self.before = before
    self.after = after
  }

  public var name: String { "pad" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let sensible = 0...1 << 40
    guard sensible.contains(before), sensible.contains(after) else { throw ShapeError("places to add cannot be negative, found \(before) and \(after)") }
    var shape = inputs[0]
    shape[try shape.axis(axis)] += before + after
    return shape
  }

  public func prepare(at site: Site) -> KernelCall {
    let x = site.inputs[0], y = site.output, strides = y.strides, axis = axis < 0 ? axis + y.rank : axis, processor = site.processor
    let outer = x.count(of: 0..<axis), inner = strides[axis], sizes = x.indices.map { x[$0] }
    // A stride of 0 in x repeats the one number of zeros.
    func zeros(at place: Int, _ count: Int) -> StridedCopy? {
      count == 0 ? nil : StridedCopy(sizes: [outer, count * inner], xStrides: [0, 0], yStart: place * inner, yStrides: [y[axis] * inner, 1])
    }
    let first = zeros(at: 0, before), last = zeros(at: before + x[axis], after)
    let copy = StridedCopy(sizes: sizes, xStrides: x.strides, yStart: before * inner, yStrides: strides), zero = Tensor([1])
    return KernelCall { inputs, output, _ in
      first?.run(zero.span, into: &output, on: processor)
      copy.run(inputs[0], into: &output, on: processor)
      last?.run(zero.span, into: &output, on: processor)
    }
  }

  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let count = graph[site.inputs[0]].shape[axis]
    return [try graph.append(Slice(axis: axis, before..<before + count), [site.gradient])]
  }
}
