import Glibc

/// Σ x² / count; 0 of nothing.
public func meanSquare(_ samples: [Float]) -> Float {
  guard !samples.isEmpty else { return 0 }
  var sum = 0.0
  for sample in samples { sum += Double(sample * sample) }
  return Float(sum / Double(samples.count))
}

/// The factor that brings noise to `decibels` below speech: √(speech / noise · 10^(−decibels / 10)), of mean squares.
public func noiseGain(speech: Float, noise: Float, decibels: Float) -> Float {
  guard speech > 0, noise > 0 else { return 0 }
  return (speech / noise * powf(10, -decibels / 10)).squareRoot()
}

/// A factor of amplitude: 10^(decibels / 20).
func amplitude(decibels: Float) -> Float { powf(10, decibels / 20) }
