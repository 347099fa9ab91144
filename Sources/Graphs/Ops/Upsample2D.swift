import Kernels
import Tensors

/// y[n, c, i, j] = scale · x[n, c, ⌊i / factor⌋, ⌊j / factor⌋]: each pixel repeated. Input: x [batch, channels, height, width].
public struct Upsample2D: Operation {
  public var factor: Int
  public var scale: Float

  public init(factor: Int, scale: Float = 1) {
    self.factor = factor
    self.scale = scale
  }

  public var name: String { "upsample" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let x = inputs[0]
    try x.expectFeatureMaps()
    guard (1...1 << 16).contains(factor) else { throw ShapeError("the factor must be from 1 to \(1 << 16), found \(factor)") }
    return [x.batch, x.channels, x.height * factor, x.width * factor]
  }

  public func prepare(at site: Site) -> KernelCall {
    let x = site.inputs[0], processor = site.processor
    return KernelCall { inputs, output, _ in
      upsample(
        inputs[0], maps: x.batch * x.channels, height: x.height, width: x.width, factor: factor, scale: scale, into: &output, on: processor)
    }
  }
}
