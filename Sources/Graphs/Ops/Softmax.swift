import Kernels
import Tensors

/// y[i] = exp(x[i] / t) / Σ_j exp(x[j] / t) over runs of channels: `runs` are ranges of the channel axis, each normalised by itself.
///
/// Input: x [batch, channels, …]; the softmax is taken at each place of the axes after the channels. One run over all channels is the plain softmax;
/// equal runs are Darknet's `groups`; the runs of a class tree make a hierarchical softmax. Channels outside all runs pass unchanged.
public struct Softmax: Operation {
  public var runs: [Range<Int>]
  public var temperature: Float

  public init(runs: [Range<Int>], temperature: Float = 1) {
    self.runs = runs
    self.temperature = temperature
  }

  public var name: String { "softmax" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    let x = inputs[0]
    guard x.rank >= 2 else { throw ShapeError("expected [batch, channels, …], found \(x)") }
    for run in runs where run.lowerBound < 0 || run.upperBound > x.channels {
      throw ShapeError("channels \(run) are not among \(x.channels)")
    }
    return x
  }

  public func prepare(at site: Site) -> KernelCall {
    let x = site.inputs[0], plane = x.count / max(1, x[0] * x[1])
    return KernelCall { inputs, output, _ in
      copy(inputs[0], from: 0, count: x.count, into: &output, at: 0)
      for image in 0..<x[0] {
        for run in runs {
          for place in 0..<plane {
            softmax(
              inputs[0], from: (image * x[1] + run.lowerBound) * plane + place, count: run.count, stride: plane, temperature: temperature, into: &output)
          }
        }
      }
    }
  }
}
