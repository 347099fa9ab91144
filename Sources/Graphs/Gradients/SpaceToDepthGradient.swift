import Kernels
import Tensors

/// The gradient of ``SpaceToDepth``: numbers go back to their places. Input: dy.
struct SpaceToDepthGradient: Operation {
  let operation: SpaceToDepth
  /// The shape of x.
  let input: Shape

  init(of operation: SpaceToDepth, input: Shape) {
    self.operation = operation
    self.input = input
  }

  var name: String { "\(operation.name) gradient" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let result = try operation.shape(of: [input])
    guard inputs[0] == result else { throw ShapeError("expected a gradient of \(result), found \(inputs[0])") }
    return input
  }

  func prepare(at site: Site) -> KernelCall {
    let x = input, stride = operation.stride, reversed = !operation.reversed
    return KernelCall { inputs, output, _ in
      spaceToDepth(
        inputs[0], batch: x.batch, channels: x.channels, height: x.height, width: x.width, stride: stride, reversed: reversed, into: &output)
    }
  }
}
