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

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  public func prepare(at site: Site) -> KernelCall {
    let chain = ElementwiseChain([.scaleAndShift(scale, shift)], x: site.maps(ofInput: 0), y: site.outputMaps), processor = site.processor
    return KernelCall { inputs, output, _ in chain.run(inputs[0], into: &output, on: processor) }
  }
}

extension Affine {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    [try graph.scaled(site.gradient, by: scale)]
  }
}
