import Glibc

/// A sound `factor` times as fast at the same pitch: windows of 30 ms, laid half over each other, each taken from where it continues the one before
/// best (waveform similarity overlap-add, Verhelst and Roelands 1993).
///
///     y[kH + n] += w[n] · x[kH · factor + δₖ + n],   H = 15 ms, |δₖ| ≤ 7.5 ms of the largest correlation with what follows the window before
public func changedTempo(_ samples: [Float], by factor: Float, sampleRate: Int) -> [Float] {
  precondition(factor > 0.1 && factor < 10, "a factor of tempo is between 0.1 and 10, found \(factor)")
  let hop = max(sampleRate * 15 / 1000, 8), window = 2 * hop, reach = hop / 2
  guard factor != 1, samples.count > 2 * window else { return samples }
  // Zeros before and behind let every window be whole.
  let padding = window + reach
  let source = [Float](repeating: 0, count: padding) + samples + [Float](repeating: 0, count: padding + window)
  let count = Int(Float(samples.count) / factor)
  let weights = (0..<window).map { 0.5 - 0.5 * cosf(2 * .pi * Float($0) / Float(window)) }
  var result = [Float](repeating: 0, count: count + 2 * window), previous = padding - hop
  for k in 0...(count / hop + 1) {
    // The window's middle stands over y's (k H), so that x's beginning keeps its place.
    let wanted = padding - hop + Int(Float(k * hop) * factor)
    guard wanted + window + reach < source.count else { break }
    var best = wanted
    if k > 0 {
      let follows = previous + hop
      var most = -Float.infinity
      for start in stride(from: max(wanted - reach, 0), through: wanted + reach, by: 2) where follows + window <= source.count {
        var sum: Float = 0, n = 0
        while n < window {
          sum += source[start + n] * source[follows + n]
          n += 2
        }
        if sum > most {
          most = sum
          best = start
        }
      }
    }
    for n in 0..<window where k * hop + n < result.count { result[k * hop + n] += weights[n] * source[best + n] }
    previous = best
  }
  return Array(result[hop..<hop + count])
}
