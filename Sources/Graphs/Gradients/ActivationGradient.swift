import Kernels
import Tensors

/// dx = f′(x) · dy, element by element. Inputs: the result y if the activation's ``Activation/gradientUsesResult``, else its argument x; then dy.
struct ActivationGradient: Operation {
  var activation: Activation
  init(_ activation: Activation) { self.activation = activation }

  var name: String { "\(activation) gradient" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape { try equalShape(inputs) }

  func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  func prepare(at site: Site) -> KernelCall {
    let v = site.maps(ofInput: 0), dy = site.maps(ofInput: 1), dx = site.outputMaps, activation = activation, processor = site.processor
    return KernelCall { inputs, output, _ in
      activationGradient(activation, inputs[0], from: v, of: inputs[1], from: dy, into: &output, to: dx, on: processor)
    }
  }
}
