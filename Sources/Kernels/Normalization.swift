/// scale[c] = γ[c] / √(σ²[c] + ε), shift[c] = β[c] − μ[c] · scale[c]: what batch normalisation is once its statistics are known.
///
/// - Parameters:
///   - padded: the number of channels, filled up with zeros.
///   - factors: [2][padded], the scales and the shifts.
public func normalizationFactors(
  gamma: Span<Float>, beta: Span<Float>, mean: Span<Float>, variance: Span<Float>, epsilon: Float, paddedTo padded: Int,
  into factors: inout MutableSpan<Float>
) {
  let channels = gamma.count
  precondition(beta.count == channels && mean.count == channels && variance.count == channels && channels <= padded && factors.count >= 2 * padded)
  for channel in 0..<channels {
    let factor = Double(gamma[channel]) / (Double(variance[channel]) + Double(epsilon)).squareRoot()
    factors[channel] = Float(factor)
    factors[padded + channel] = Float(Double(beta[channel]) - Double(mean[channel]) * factor)
  }
  for channel in channels..<padded { (factors[channel], factors[padded + channel]) = (0, 0) }
}
