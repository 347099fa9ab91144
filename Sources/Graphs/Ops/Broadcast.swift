import Kernels
import Tensors

/// y[i, j, …] = x[i or 0, j or 0, …]: axes of one place are repeated. Input: x with as many axes as the result, each of its size or of 1.
public struct Broadcast: Operation {
  public var target: Shape
  public init(_ target: Shape) { self.target = target }

  public var name: String { "broadcast" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    guard inputs[0].rank == target.rank, target.indices.allSatisfy({ inputs[0][$0] == target[$0] || inputs[0][$0] == 1 }) else {
      throw ShapeError("\(inputs[0]) cannot be repeated to \(target)")
    }
    return target
  }

  public func prepare(at site: Site) -> KernelCall {
    let x = site.inputs[0], strides = x.strides, processor = site.processor
    let copy = StridedCopy(
      sizes: target.indices.map { target[$0] }, xStrides: x.indices.map { x[$0] == 1 ? 0 : strides[$0] }, yStrides: target.strides)
    return KernelCall { inputs, output, _ in copy.run(inputs[0], into: &output, on: processor) }
  }

  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = graph[site.inputs[0]].shape
    return [try graph.append(Reduce(.sum, axes: x.indices.filter { x[$0] != target[$0] }, keepsAxes: true), [site.gradient])]
  }
}
