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

  public func prepare(at site: Site) -> KernelCall {
    let batch = site.output.batch, counts = site.inputs.map { $0.count / max(1, batch) }, total = counts.reduce(0, +)
    return KernelCall { inputs, output, _ in
      for image in 0..<batch {
        var target = image * total
        for (input, count) in counts.enumerated() {
          copy(inputs[input], from: image * count, count: count, into: &output, at: target)
          target += count
        }
      }
    }
  }
}
