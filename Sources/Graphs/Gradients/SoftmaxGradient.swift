import Kernels
import Tensors

/// dx[i] = y[i] · (dy[i] − Σ_j y[j] · dy[j]) / t along each run: the gradient of ``Softmax``. Inputs: its result y, dy.
struct SoftmaxGradient: Operation {
  let softmax: Softmax
  init(of softmax: Softmax) { self.softmax = softmax }

  var name: String { "softmax gradient" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape { try equalShape(inputs) }

  func prepare(at site: Site) -> KernelCall {
    let (outer, count, inner, runs) = softmax.extent(of: site.inputs[0]), temperature = softmax.temperature, processor = site.processor
    return KernelCall { inputs, output, _ in
      softmaxGradient(
        inputs[0], of: inputs[1], outer: outer, count: count, inner: inner, runs: runs, temperature: temperature, into: &output, on: processor)
    }
  }
}
