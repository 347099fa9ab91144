import Kernels
import Tensors

/// y[n, c, i, j] = x[n, first + c, i, j] for c < count: a run of channels. Input: x [batch, channels, height, width].
public struct SelectChannels: Operation {
  public var channels: Range<Int>
  public init(_ channels: Range<Int>) { self.channels = channels }
  public var name: String { "select channels" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let x = inputs[0]
    try x.expectFeatureMaps()
    guard !channels.isEmpty, channels.lowerBound >= 0, channels.upperBound <= x.channels else {
      throw ShapeError("channels \(channels) are not among \(x.channels)")
    }
    return [x.batch, channels.count, x.height, x.width]
  }

  /// Blocks of channels, if the run begins with one.
  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport {
    channels.lowerBound % lanes == 0 ? .uniform(isMaps: [true]) : .plain
  }

  public func prepare(at site: Site) -> KernelCall {
    let from = site.maps(ofInput: 0), to = site.outputMaps, processor = site.processor
    let first = channels.lowerBound / from.layout.lanes
    return KernelCall { inputs, output, _ in
      copyBlocks(inputs[0], from: from, at: first, count: to.blocks, into: &output, to: to, at: 0, on: processor)
    }
  }
}

extension SelectChannels {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = graph[site.inputs[0]].shape
    return [try graph.append(PadZeros(axis: 1, before: channels.lowerBound, after: x.channels - channels.upperBound), [site.gradient])]
  }
}
