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

extension LayerNormalization {
  /// dγ = Σ dy · x̂, dβ = Σ dy over the rows; dx: see ``LayerNormalizationGradient``.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = graph[site.inputs[0]].shape, count: Shape = [x[-1]], rows = Array(0..<x.rank - 1)
    let one = graph.constant("one", Tensor(count, repeating: 1)), zero = graph.constant("zeros", Tensor(count))
    let dx = site.isWanted[0]
      ? try graph.append(LayerNormalizationGradient(epsilon: epsilon), [site.inputs[0], site.gradient, site.inputs[1]]) : nil
    var dGamma: Graph.Index?
    if site.isWanted[1] {
      let normalized = try graph.append(LayerNormalization(epsilon: epsilon), [site.inputs[0], one, zero])
      dGamma = try graph.append(Reduce(.sum, axes: rows), [try graph.append(Multiply(), [site.gradient, normalized])])
    }
    return [dx, dGamma, site.isWanted[2] ? try graph.append(Reduce(.sum, axes: rows), [site.gradient]) : nil]
  }
}
