import Kernels
import Tensors

/// y[n, c, 0, 0] = mean over i, j of x[n, c, i, j]. Input: x [batch, channels, height, width].
public struct GlobalAverage: Operation {
  public init() {}
  public var name: String { "global average" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    try inputs[0].expectFeatureMaps()
    return [inputs[0].batch, inputs[0].channels, 1, 1]
  }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  public func prepare(at site: Site) -> KernelCall {
    let from = site.maps(ofInput: 0), to = site.outputMaps, processor = site.processor
    return KernelCall { inputs, output, _ in averageMaps(inputs[0], from: from, into: &output, to: to, on: processor) }
  }
}

extension GlobalAverage {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = graph[site.inputs[0]].shape
    return [try graph.append(GlobalAverageGradient(height: x.height, width: x.width), [site.gradient])]
  }
}
