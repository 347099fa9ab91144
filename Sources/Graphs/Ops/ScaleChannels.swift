import Kernels
import Tensors

/// y[n, c, i, j] = x[n, c, i, j] · s[n, c]: each map by a number of its own (squeeze and excitation, Hu et al. 2018).
/// Inputs: x [batch, channels, height, width], s [batch, channels, 1, 1].
public struct ScaleChannels: Operation {
  public init() {}
  public var name: String { "scale channels" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(2...2)
    try inputs[0].expectFeatureMaps()
    guard inputs[1] == [inputs[0].batch, inputs[0].channels, 1, 1] else {
      throw ShapeError("expected scales of \(inputs[0].batch)×\(inputs[0].channels)×1×1, found \(inputs[1])")
    }
    return inputs[0]
  }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  public func prepare(at site: Site) -> KernelCall {
    let maps = site.maps(ofInput: 0), scales = site.maps(ofInput: 1), processor = site.processor
    let chain = ElementwiseChain([.scaleMaps(operand: 0)], x: maps, operands: [scales], y: site.outputMaps)
    return KernelCall { inputs, output, _ in chain.run(inputs[0], inputs[1], into: &output, on: processor) }
  }
}

extension ScaleChannels {
  /// dx = dy · s, ds = Σ x · dy
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = graph[site.inputs[0]].shape
    let dx = site.isWanted[0] ? try graph.append(ScaleChannels(), [site.gradient, site.inputs[1]]) : nil
    guard site.isWanted[1] else { return [dx, nil] }
    let mean = try graph.append(GlobalAverage(), [try graph.append(Multiply(), [site.inputs[0], site.gradient])])
    return [dx, try graph.scaled(mean, by: Float(x.height * x.width))]
  }
}
