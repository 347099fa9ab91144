import Kernels
import Tensors

/// dl/dz = (1 − t + w · t) · σ(z) − w · t: the derivative of ``LogisticCrossEntropy``. Inputs: z, t.
struct LogisticCrossEntropyDerivative: Operation {
  let positiveWeight: Float

  var name: String { "logistic cross-entropy derivative" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape { try equalShape(inputs) }

  func prepare(at site: Site) -> KernelCall {
    let weight = positiveWeight, processor = site.processor
    return KernelCall { inputs, output, _ in
      logisticCrossEntropyDerivative(inputs[0], inputs[1], positiveWeight: weight, into: &output, on: processor)
    }
  }
}
