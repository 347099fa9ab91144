import Kernels
import Tensors

/// dx = Σ of each dy times its pixel's share of x: the gradient of ``Resize2D``. Input: dy.
struct Resize2DGradient: Operation {
  let resize: Resize2D
  /// The shape of x.
  let input: Shape

  init(of resize: Resize2D, input: Shape) {
    self.resize = resize
    self.input = input
  }

  var name: String { "resize gradient" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let result = try resize.shape(of: [input])
    guard inputs[0] == result else { throw ShapeError("expected a gradient of \(result), found \(inputs[0])") }
    return input
  }

  func prepare(at site: Site) -> KernelCall {
    let maps = input.batch * input.channels, height = input.height, width = input.width, processor = site.processor
    let plan = ResizePlan(
      height: height, width: width, toHeight: resize.height, toWidth: resize.width, resize.interpolation, resize.coordinates)
    return KernelCall { inputs, output, _ in
      resizeGradient(inputs[0], maps: maps, by: plan, into: &output, height: height, width: width, on: processor)
    }
  }
}
