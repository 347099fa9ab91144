import Kernels
import Tensors

/// dz[r, k] = dl[r] · (softmax(z[r])[k] · Σ_j t[r, j] − t[r, k]): the gradient of ``SoftmaxCrossEntropy``. Inputs: z, t, dl.
struct SoftmaxCrossEntropyGradient: Operation {
  var name: String { "softmax cross-entropy gradient" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(3...3)
    let losses = try SoftmaxCrossEntropy().shape(of: Array(inputs.prefix(2)))
    guard inputs[2] == losses else { throw ShapeError("expected a gradient of \(losses), found \(inputs[2])") }
    return inputs[0]
  }

  func prepare(at site: Site) -> KernelCall {
    let classes = site.output[1], processor = site.processor
    return KernelCall { inputs, output, _ in
      softmaxCrossEntropyGradient(inputs[0], inputs[1], of: inputs[2], classes: classes, into: &output, on: processor)
    }
  }
}
