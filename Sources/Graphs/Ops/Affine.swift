import Kernels
import Tensors

/// y = scale · x + shift, element by element, with two numbers: brings pixels into the range that a network expects.
public struct Affine: Operation {
  public var scale, shift: Float

  public init(scale: Float, shift: Float) {
    self.scale = scale
    self.shift = shift
  }

  public var name: String { "affine" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    return inputs[0]
  }

  public func prepare(at site: Site) -> KernelCall {
    let processor = site.processor
    return KernelCall { inputs, output, _ in scaleAndShift(inputs[0], scale: scale, shift: shift, into: &output, on: processor) }
  }
}
