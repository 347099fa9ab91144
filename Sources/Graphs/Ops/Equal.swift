import Kernels
import Tensors

/// y = 1 where a = b, else 0, element by element. Inputs of equal shape.
public struct Equal: Operation {
  public init() {}
  public var name: String { "equal" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape { try equalShape(inputs) }

  public func prepare(at site: Site) -> KernelCall {
    let processor = site.processor
    return KernelCall { inputs, output, _ in equal(inputs[0], inputs[1], into: &output, on: processor) }
  }

  /// None: a step.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] { [nil, nil] }
}
