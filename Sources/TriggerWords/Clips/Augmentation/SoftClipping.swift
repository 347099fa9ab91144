/// An overdriven amplifier: y = x d (27 + x²d²) / (27 + 9 x²d²), near tanh(x d), for sounds whose peak is 1; −1 to 1 stays −1 to 1. `drive` of 1
/// hardly bends, 6 distorts.
public func softlyClipped(_ samples: [Float], drive: Float) -> [Float] {
  samples.map { sample in
    let x = max(-3, min(3, sample * drive))
    return x * (27 + x * x) / (27 + 9 * x * x)
  }
}
