import Kernels
import Tensors

/// y[n, i · width + j, c] = x[n, c, i, j]: maps as a sequence of pixels, the channels of each side by side, as recurrent layers take them
///
/// Input: x [batch, channels, height, width]. The transposition after a convolution along time, whose maps are one pixel high.
public struct PixelSequence: Operation {
  public init() {}
  public var name: String { "pixel sequence" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    try inputs[0].expectFeatureMaps()
    return [inputs[0].batch, inputs[0].height * inputs[0].width, inputs[0].channels]
  }

  /// From blocks of channels, as convolutions leave them: most channels then lie side by side already.
  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport {
    .fixed(inputs: [MapLayout(lanes: lanes)], outputLanes: 1)
  }

  public func prepare(at site: Site) -> KernelCall {
    let maps = site.maps(ofInput: 0), processor = site.processor
    return KernelCall { inputs, output, _ in channelsLast(inputs[0], from: maps, into: &output, on: processor) }
  }
}

extension PixelSequence {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = graph[site.inputs[0]].shape
    return [try graph.reshaped(try graph.append(Permute([0, 2, 1]), [site.gradient]), x)]
  }
}
