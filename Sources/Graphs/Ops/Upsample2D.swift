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

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  public func prepare(at site: Site) -> KernelCall {
    let from = site.maps(ofInput: 0), to = site.outputMaps, processor = site.processor
    return KernelCall { inputs, output, _ in
      upsample(inputs[0], from: from, factor: factor, scale: scale, into: &output, to: to, on: processor)
    }
  }
}

extension Upsample2D {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let mean = try graph.append(Pooling2D(.average, size: factor, stride: factor), [site.gradient])
    return [try graph.scaled(mean, by: scale * Float(factor * factor))]
  }
}
