import Kernels
import Tensors

/// y[n, …] = the channels of all inputs one after the other. Inputs: x_i [batch, channels_i, height, width].
public struct ConcatenateChannels: Operation {
  public init() {}
  public var name: String { "concatenate" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard let first = inputs.first else { throw ShapeError("takes at least one input") }
    var channels = 0
    for input in inputs {
      try input.expectFeatureMaps()
      guard input.batch == first.batch, input.height == first.height, input.width == first.width else {
        throw ShapeError("all inputs must have the same batch, height and width")
      }
      channels += input.channels
    }
    return [first.batch, channels, first.height, first.width]
  }

  /// Blocks of channels, if all inputs but the last have whole ones.
  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport {
    inputs.dropLast().allSatisfy { $0.channels % lanes == 0 } ? .uniform(isMaps: inputs.map { _ in true }, wantsOneBorder: output.batch == 1) : .plain
  }

  /// The parts of a single picture lie one after the other, so they can be written where they belong.
  public func places(ofInputs inputs: [FeatureMaps], in output: FeatureMaps) -> [Int?] {
    var next = 0
    return inputs.map { input in
      defer { next += input.count }
      return output.batch == 1 && input.layout == output.layout ? next : nil
    }
  }

  public func prepare(at site: Site) -> KernelCall {
    let maps = site.inputs.indices.map { site.maps(ofInput: $0) }, to = site.outputMaps, isPlaced = site.isPlaced, processor = site.processor
    return KernelCall { inputs, output, _ in
      var block = 0
      for (input, from) in maps.enumerated() {
        if !isPlaced[input] {
          copyBlocks(inputs[input], from: from, at: 0, count: from.blocks, into: &output, to: to, at: block, on: processor)
        }
        block += from.blocks
      }
    }
  }
}

extension ConcatenateChannels {
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    var first = 0, gradients: [Graph.Index?] = []
    for (input, isWanted) in zip(site.inputs, site.isWanted) {
      let channels = graph[input].shape.channels
      gradients.append(isWanted ? try graph.append(SelectChannels(first..<first + channels), [site.gradient]) : nil)
      first += channels
    }
    return gradients
  }
}
