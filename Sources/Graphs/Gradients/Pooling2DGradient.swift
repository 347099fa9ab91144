import Kernels
import Tensors

/// dx has dy at the first place of each window's maximum, or an equal share of it at each pixel of the window: the gradient of ``Pooling2D``. Inputs: x, dy.
struct Pooling2DGradient: Operation {
  let pooling: Pooling2D
  init(of pooling: Pooling2D) { self.pooling = pooling }

  var name: String { "\(pooling.kind) pooling gradient" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...2)
    let result = try pooling.shape(of: [inputs[0]])
    guard inputs[1] == result else { throw ShapeError("expected a gradient of \(result), found \(inputs[1])") }
    return inputs[0]
  }

  func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  func prepare(at site: Site) -> KernelCall {
    let geometry = pooling.geometry(x: site.inputs[0], y: site.inputs[1]), x = site.maps(ofInput: 0), dy = site.maps(ofInput: 1), dx = site.outputMaps
    let kind = pooling.kind, processor = site.processor
    return KernelCall { inputs, output, _ in
      poolGradient(kind, inputs[0], from: x, geometry: geometry, of: inputs[1], to: dy, into: &output, maps: dx, on: processor)
    }
  }
}
