import Kernels
import Tensors

/// y = activation(a + b), element by element. Inputs of equal shape.
public struct Add: Operation {
  public var activation: Activation
  public init(activation: Activation = .linear) { self.activation = activation }
  public var name: String { "add" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape { try equalShape(inputs) }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  public func prepare(at site: Site) -> KernelCall {
    let steps: [ElementwiseChain.Step] = activation == .linear ? [.add(operand: 0)] : [.add(operand: 0), .activate(activation)]
    let chain = ElementwiseChain(steps, x: site.maps(ofInput: 0), operands: [site.maps(ofInput: 1)], y: site.outputMaps), processor = site.processor
    return KernelCall { inputs, output, _ in chain.run(inputs[0], inputs[1], into: &output, on: processor) }
  }
}

/// The one shape of two inputs that must be alike.
func equalShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
  try inputs.expectCount(2...2)
  guard inputs[0] == inputs[1] else { throw ShapeError("both inputs must have the same shape") }
  return inputs[0]
}

extension Add {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let gradient = try site.gradient(before: activation, of: Add(), in: &graph)
    return [gradient, gradient]
  }
}
