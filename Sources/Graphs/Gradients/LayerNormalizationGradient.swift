import Kernels
import Tensors

/// dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε) along the last axis, with g = γ · dy: the gradient of ``LayerNormalization`` by x. Inputs: x, dy, γ.
struct LayerNormalizationGradient: Operation {
  let epsilon: Float

  var name: String { "layer normalization gradient" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(3...3)
    guard inputs[0].rank >= 1, inputs[0] == inputs[1], inputs[2] == [inputs[0][-1]] else {
      throw ShapeError("expected x, its gradient, and a number for each place of a row")
    }
    return inputs[0]
  }

  func prepare(at site: Site) -> KernelCall {
    let epsilon = epsilon, processor = site.processor
    return KernelCall { inputs, output, _ in
      normalizeRowsGradient(inputs[0], of: inputs[1], gamma: inputs[2], epsilon: epsilon, into: &output, on: processor)
    }
  }
}
