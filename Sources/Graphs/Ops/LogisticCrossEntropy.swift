import Kernels
import Tensors

/// l = w · t · ln(1 + e^−z) + (1 − t) · ln(1 + e^z) = −w · t · ln σ(z) − (1 − t) · ln(1 − σ(z)), element by element
///
/// The binary cross-entropy from logits. Inputs of equal shape: z, and the targets t, from 0 to 1.
public struct LogisticCrossEntropy: Operation {
  /// w: how much more a positive counts than a negative.
  public var positiveWeight: Float
  public init(positiveWeight: Float = 1) { self.positiveWeight = positiveWeight }

  public var name: String { "logistic cross-entropy" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape { try equalShape(inputs) }

  public func prepare(at site: Site) -> KernelCall {
    let weight = positiveWeight, processor = site.processor
    return KernelCall { inputs, output, _ in
      logisticCrossEntropy(inputs[0], inputs[1], positiveWeight: weight, into: &output, on: processor)
    }
  }

  /// By the logits alone: targets are given.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    guard !site.isWanted[1] else { throw ShapeError("there is no gradient by the targets") }
    let derivative = try graph.append(LogisticCrossEntropyDerivative(positiveWeight: positiveWeight), site.inputs)
    return [try graph.append(Multiply(), [site.gradient, derivative]), nil]
  }
}
