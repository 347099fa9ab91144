import Kernels
import Tensors

/// y = a · b, element by element. Inputs of equal shape.
public struct Multiply: Operation {
  public init() {}
  public var name: String { "multiply" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape { try equalShape(inputs) }

  public func prepare(at site: Site) -> KernelCall {
    let processor = site.processor
    return KernelCall { inputs, output, _ in multiply(inputs[0], inputs[1], into: &output, on: processor) }
  }
}
