import Glibc
public import Spectra

/// Per-channel energy normalisation (Wang et al. 2017): each band is divided by its own recent loudness, so that near and far speech, and speech over steady noise,
/// look alike.
///
///     M[t] = (1 − s) M[t − 1] + s E[t]
///     y[t] = (E[t] / (ε + M[t])^α + δ)^r − δ^r
///
/// E are the energies of mel bands. M begins with the first frame that is not silent. Silence is 0.
public struct EnergyNormalization: Sendable {
  public static let smoothing: Float = 0.025, exponent: Float = 0.98, bias: Float = 2, root: Float = 0.5, floor: Float = 1e-9
  private var means: [Float]
  private var hasBegun = false

  public init(bands: Int) { means = [Float](repeating: 0, count: bands) }

  /// The next frames.
  public mutating func callAsFunction(_ energies: Frames) -> Frames {
    var result = energies
    let zero = sqrtf(Self.bias), bands = means.count
    precondition(energies.width == bands, "\(bands) bands, found \(energies.width)")
    for frame in 0..<energies.count {
      let start = frame * bands
      if !hasBegun, (start..<start + bands).contains(where: { energies.values[$0] > Self.floor }) {
        for band in 0..<bands { means[band] = energies.values[start + band] }
        hasBegun = true
      }
      for band in 0..<bands {
        let energy = energies.values[start + band]
        means[band] += Self.smoothing * (energy - means[band])
        result.values[start + band] = sqrtf(energy * powf(Self.floor + means[band], -Self.exponent) + Self.bias) - zero
      }
    }
    return result
  }
}
