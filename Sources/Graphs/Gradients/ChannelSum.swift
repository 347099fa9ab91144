import Kernels
import Tensors

/// y[c] = Σ over batch and pixels of x[n, c, …]: the gradient of a bias. Input: x [batch, channels, …].
struct ChannelSum: Operation {
  var name: String { "channel sum" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    guard inputs[0].rank >= 2 else { throw ShapeError("expected [batch, channels, …], found \(inputs[0])") }
    return [inputs[0].channels]
  }

  func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .channelStatistics(inputs: inputs, lanes: lanes) }

  func scratchCount(for site: Site) -> Int { biasGradientScratchCount(site.channelMaps(ofInput: 0)) }

  func prepare(at site: Site) -> KernelCall {
    let maps = site.channelMaps(ofInput: 0), processor = site.processor
    return KernelCall { inputs, output, scratch in biasGradient(inputs[0], from: maps, into: &output, scratch: &scratch, on: processor) }
  }
}

extension LayoutSupport {
  /// Maps in blocks of channels, from which a number or two a channel come.
  static func channelStatistics(inputs: [Shape], lanes: Int) -> LayoutSupport {
    inputs[0].rank == 4
      ? .fixed(inputs: inputs.map { $0.rank == 4 ? MapLayout(lanes: lanes) : .plain }, outputLanes: 1) : .plain
  }
}
