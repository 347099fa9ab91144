import Kernels
import Tensors

/// dx[n, c, i, j] = dy[n, c, 0, 0] / (height · width): the gradient of ``GlobalAverage``. Input: dy [batch, channels, 1, 1].
struct GlobalAverageGradient: Operation {
  let height, width: Int

  var name: String { "global average gradient" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    try inputs[0].expectFeatureMaps()
    guard inputs[0].height == 1, inputs[0].width == 1 else { throw ShapeError("expected maps of one pixel, found \(inputs[0])") }
    return [inputs[0].batch, inputs[0].channels, height, width]
  }

  func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  func prepare(at site: Site) -> KernelCall {
    let dy = site.maps(ofInput: 0), dx = site.outputMaps, processor = site.processor
    return KernelCall { inputs, output, _ in averageMapsGradient(inputs[0], to: dy, into: &output, from: dx, on: processor) }
  }
}
