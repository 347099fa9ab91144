import Kernels
import Tensors

/// l[r] = Σ_k t[r, k] · (ln Σ_j exp z[r, j] − z[r, k]) = −Σ_k t[r, k] · ln softmax(z[r])[k]
///
/// The cross-entropy of targets and predicted classes, from the logits. Inputs: z and t [rows, classes]; a row of t is a distribution, such as one 1 among zeros.
public struct SoftmaxCrossEntropy: Operation {
  public init() {}
  public var name: String { "softmax cross-entropy" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let z = try equalShape(inputs)
    guard z.rank == 2 else { throw ShapeError("expected [rows, classes], found \(z)") }
    return [z[0]]
  }

  public func prepare(at site: Site) -> KernelCall {
    let classes = site.inputs[0][1], processor = site.processor
    return KernelCall { inputs, output, _ in
      softmaxCrossEntropy(inputs[0], inputs[1], classes: classes, into: &output, on: processor)
    }
  }

  /// By the logits alone: targets are given.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    guard !site.isWanted[1] else { throw ShapeError("there is no gradient by the targets") }
    return [try graph.append(SoftmaxCrossEntropyGradient(), site.inputs + [site.gradient]), nil]
  }
}
