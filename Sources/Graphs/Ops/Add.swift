import Kernels
import Tensors

/// y = activation(a + b), element by element. Inputs of equal shape.
public struct Add: Operation {
  public var activation: Activation
  public init(activation: Activation = .linear) { self.activation = activation }
  public var name: String { "add" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape { try equalShape(inputs) }

  public func prepare(at site: Site) -> KernelCall {
    let processor = site.processor
    return KernelCall { inputs, output, _ in add(inputs[0], inputs[1], activation: activation, into: &output, on: processor) }
  }
}

/// The one shape of two inputs that must be alike.
func equalShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
  try inputs.expectCount(2...2)
  guard inputs[0] == inputs[1] else { throw ShapeError("both inputs must have the same shape") }
  return inputs[0]
}
