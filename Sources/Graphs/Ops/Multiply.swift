import Kernels
import Tensors

/// y = a · b, element by element. Inputs of equal shape.
public struct Multiply: Operation {
  public init() {}
  public var name: String { "multiply" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape { try equalShape(inputs) }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  public func prepare(at site: Site) -> KernelCall {
    let maps = site.maps(ofInput: 0), operand = site.maps(ofInput: 1), processor = site.processor
    let chain = ElementwiseChain([.multiply(operand: 0)], x: maps, operands: [operand], y: site.outputMaps)
    return KernelCall { inputs, output, _ in chain.run(inputs[0], inputs[1], into: &output, on: processor) }
  }
}

extension Multiply {
  /// da = dy · b, db = dy · a
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [
      site.isWanted[0] ? try graph.append(Multiply(), [site.gradient, site.inputs[1]]) : nil,
      site.isWanted[1] ? try graph.append(Multiply(), [site.gradient, site.inputs[0]]) : nil,
    ]
  }
}
