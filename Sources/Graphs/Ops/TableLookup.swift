import Kernels
import Tensors

/// y[…, :] = table[ids[…], :]: lines of a table, such as a vector for each word. Inputs: table [lines, width], ids of any shape, whole numbers as floats.
public struct TableLookup: Operation {
  public init() {}
  public var name: String { "embedding" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...2)
    guard inputs[0].rank == 2, inputs[1].rank < Shape.largestRank else { throw ShapeError("expected a table of [lines, width] and numbers of lines") }
    return Shape(inputs[1].indices.map { inputs[1][$0] } + [inputs[0][1]])
  }

  public func prepare(at site: Site) -> KernelCall {
    let width = site.inputs[0][1], processor = site.processor
    return KernelCall { inputs, output, _ in lookUp(inputs[0], width: width, inputs[1], into: &output, on: processor) }
  }

  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [try graph.append(TableLookupGradient(table: graph[site.inputs[0]].shape), [site.gradient, site.inputs[1]]), nil]
  }
}
