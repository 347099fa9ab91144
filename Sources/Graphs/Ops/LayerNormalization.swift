import Kernels
import Tensors

/// y[…, i] = γ[i] · (x[…, i] − μ) / √(σ² + ε) + β[i] with the mean μ and the biased variance σ² along the last axis (Ba et al. 2016).
///
/// Inputs: x [… , count], γ [count], β [count].
public struct LayerNormalization: Operation {
  public var epsilon: Float
  public init(epsilon: Float = 1e-5) { self.epsilon = epsilon }

  public var name: String { "layer normalization" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(3...3)
    guard inputs[0].rank >= 1, let last = inputs[0].indices.last.map({ inputs[0][$0] }), inputs[1] == [last], inputs[2] == [last] else {
      throw ShapeError("expected [… , count], [count] and [count]")
    }
    return inputs[0]
  }

  public func prepare(at site: Site) -> KernelCall {
    let processor = site.processor
    return KernelCall { inputs, output, _ in
      normalizeRows(inputs[0], gamma: inputs[1], beta: inputs[2], epsilon: epsilon, into: &output, on: processor)
    }
  }
}
