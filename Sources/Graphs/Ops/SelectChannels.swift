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

  public func prepare(at site: Site) -> KernelCall {
    let x = site.inputs[0], plane = x.height * x.width
    return KernelCall { inputs, output, _ in
      for image in 0..<x.batch {
        copy(
          inputs[0], from: (image * x.channels + channels.lowerBound) * plane, count: channels.count * plane, into: &output,
          at: image * channels.count * plane)
      }
    }
  }
}
