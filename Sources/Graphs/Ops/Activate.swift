import Kernels
import Tensors

/// y = f(x), element by element, with f one of ``Activation``.
public struct Activate: Operation {
  public var activation: Activation
  public init(_ activation: Activation) { self.activation = activation }

  public var name: String { "\(activation)" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    return inputs[0]
  }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  public func prepare(at site: Site) -> KernelCall {
    let chain = ElementwiseChain([.activate(activation)], x: site.maps(ofInput: 0), y: site.outputMaps), processor = site.processor
    return KernelCall { inputs, output, _ in chain.run(inputs[0], into: &output, on: processor) }
  }
}

extension Activate {
  /// dx = f′(x) · dy
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let value = activation.gradientUsesResult ? site.result : site.inputs[0]
    return [try graph.append(ActivationGradient(activation), [value, site.gradient])]
  }
}
