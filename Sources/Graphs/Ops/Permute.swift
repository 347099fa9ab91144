import Kernels
import Tensors

/// y[i_axes[0], i_axes[1], …] = x[i_0, i_1, …]: the axes in another order. Input: x of as many axes.
public struct Permute: Operation {
  /// For each axis of the result, which one of x it is.
  public var axes: [Int]
  public init(_ axes: [Int]) { self.axes = axes }

  public var name: String { "permute" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    guard axes.sorted() == Array(inputs[0].indices) else { throw ShapeError("\(axes) is no order of the axes of \(inputs[0])") }
    return Shape(axes.map { inputs[0][$0] })
  }

  public func prepare(at site: Site) -> KernelCall {
    let strides = site.inputs[0].strides, processor = site.processor
    let copy = StridedCopy(sizes: site.output.indices.map { site.output[$0] }, xStrides: axes.map { strides[$0] }, yStrides: site.output.strides)
    return KernelCall { inputs, output, _ in copy.run(inputs[0], into: &output, on: processor) }
  }

  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [try graph.append(Permute(axes.indices.map { axes.firstIndex(of: $0)! }), [site.gradient])]
  }
}
