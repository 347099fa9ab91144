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
}
