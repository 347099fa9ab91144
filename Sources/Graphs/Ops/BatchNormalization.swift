import Kernels
import Tensors

/// y[n, c, …] = γ[c] · (x[n, c, …] − μ[c]) / √(σ²[c] + ε) + β[c]
///
/// Batch normalisation with the statistics gathered in training (Ioffe & Szegedy 2015). Inputs: x [batch, channels, …], then γ, β, μ, σ² of [channels] each.
public struct BatchNormalization: Operation {
  public var epsilon: Float
  public init(epsilon: Float) { self.epsilon = epsilon }

  public var name: String { "batch normalization" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(5...5)
    guard inputs[0].rank >= 2 else { throw ShapeError("expected [batch, channels, …], found \(inputs[0])") }
    for statistic in inputs.dropFirst() where statistic != [inputs[0].channels] {
      throw ShapeError("expected statistics of \(inputs[0].channels) channels, found \(statistic)")
    }
    return inputs[0]
  }

  public func prepare(at site: Site) -> KernelCall {
    let x = site.inputs[0], processor = site.processor
    let mapCount = x.count / max(1, x[0] * x[1])
    if let affine = affine(Array(site.constants.dropFirst())) {
      return KernelCall { inputs, output, _ in
        scaleAndShiftMaps(inputs[0], scale: affine.scale, shift: affine.shift, mapCount: mapCount, into: &output, on: processor)
      }
    }
    return KernelCall { inputs, output, _ in
      let affine = affine(gamma: inputs[1], beta: inputs[2], mean: inputs[3], variance: inputs[4])
      scaleAndShiftMaps(inputs[0], scale: affine.scale, shift: affine.shift, mapCount: mapCount, into: &output, on: processor)
    }
  }

  /// The factor and the summand of each channel, γ / √(σ² + ε) and β − μ · γ / √(σ² + ε), if γ, β, μ, σ² are all known.
  func affine(_ statistics: [Tensor?]) -> (scale: [Float], shift: [Float])? {
    guard statistics.count == 4, let gamma = statistics[0], let beta = statistics[1], let mean = statistics[2], let variance = statistics[3] else {
      return nil
    }
    return affine(gamma: gamma.span, beta: beta.span, mean: mean.span, variance: variance.span)
  }

  private func affine(gamma: Span<Float>, beta: Span<Float>, mean: Span<Float>, variance: Span<Float>) -> (scale: [Float], shift: [Float]) {
    var scale: [Float] = [], shift: [Float] = []
    for channel in gamma.indices {
      let factor = Double(gamma[channel]) / (Double(variance[channel]) + Double(epsilon)).squareRoot()
      scale.append(Float(factor))
      shift.append(Float(Double(beta[channel]) - Double(mean[channel]) * factor))
    }
    return (scale, shift)
  }
}
