import Kernels
import Tensors

/// The same numbers under another shape: nothing is computed or moved.
public struct Reshape: Operation {
  public var target: Shape
  public init(_ target: Shape) { self.target = target }
  public var name: String { "reshape" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    guard inputs[0].count == target.count else {
      throw ShapeError("\(inputs[0].count) numbers cannot take the shape \(target), which has \(target.count)")
    }
    return target
  }

  public var isView: Bool { true }
  public func prepare(at site: Site) -> KernelCall { preconditionFailure("a view is not computed") }
}

extension Reshape {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [try graph.reshaped(site.gradient, graph[site.inputs[0]].shape)]
  }
}
