import Kernels
import Tensors

/// y[i] = x[i] / keep with the probability keep, else 0 (Srivastava et al. 2014, scaled in training)
///
/// Inputs: x of any shape, and seeds [2], which a run is given: other seeds, other elements; the same seeds, the same elements.
public struct ElementDropout: Operation {
  /// The probability with which an element stays.
  public var keep: Float
  public init(keep: Float) { self.keep = keep }

  public var name: String { "dropout" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...2)
    guard keep > 0, keep <= 1 else { throw ShapeError("expected a probability above 0 and up to 1, found \(keep)") }
    guard inputs[1] == [2] else { throw ShapeError("expected two seeds, found \(inputs[1])") }
    return inputs[0]
  }

  public func prepare(at site: Site) -> KernelCall {
    let keep = keep, processor = site.processor
    return KernelCall { inputs, output, _ in dropout(inputs[0], keep: keep, seeds: inputs[1], into: &output, on: processor) }
  }

  /// dy through the same elements.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [try graph.append(self, [site.gradient, site.inputs[1]]), nil]
  }
}
