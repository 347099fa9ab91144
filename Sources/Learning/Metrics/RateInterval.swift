import Glibc

extension ConfidenceInterval {
  /// [γ(α/2; k), γ(1 − α/2; k + 1)] / exposure with γ(p; a) = P⁻¹(a, p), the quantile of a gamma distribution: the interval of the rate at which events happen
  /// of which `events` = k were seen.
  ///
  /// Garwood, "Fiducial limits for the Poisson distribution", 1936. Exact: it covers the true rate at least as often as `confidence` says, also where nothing
  /// was seen.
  ///
  /// - Parameter exposure: how long was watched, such as hours: the bounds are a rate of one over its unit.
  public static func garwood(events: Int, exposure: Double, confidence: Double = 0.95) throws(MetricError) -> ConfidenceInterval {
    precondition(events >= 0 && confidence > 0 && confidence < 1, "\(events) events, confidence \(confidence)")
    guard exposure > 0 else { throw .noExamples }
    let tail = (1 - confidence) / 2
    let lower = events == 0 ? 0 : gammaQuantile(below: tail, shape: Double(events)), upper = gammaQuantile(above: tail, shape: Double(events) + 1)
    return ConfidenceInterval(lower: lower / exposure, upper: upper / exposure)
  }
}

/// x with P(shape, x) = `below`, or Q(shape, x) = `above`, by bisection: P rises with x.
private func gammaQuantile(below: Double? = nil, above: Double? = nil, shape: Double) -> Double {
  func isTooSmall(_ x: Double) -> Bool {
    let (p, q) = regularizedGamma(shape, x)
    return below.map { p < $0 } ?? (q > above!)
  }
  var low = 0.0, high = shape + 1
  while isTooSmall(high) { (low, high) = (high, 2 * high) }
  while high - low > 4e-16 * high {
    let middle = low + (high - low) / 2
    if middle <= low || middle >= high { break }
    if isTooSmall(middle) { low = middle } else { high = middle }
  }
  return high
}

/// P(a, x) = ∫₀ˣ t^(a − 1) e^(−t) dt / Γ(a) and Q = 1 − P, the smaller of the two computed directly.
///
/// By its power series for x < a + 1, else by its continued fraction (Lentz's method): Abramowitz and Stegun 6.5.29 and 6.5.31.
func regularizedGamma(_ a: Double, _ x: Double) -> (p: Double, q: Double) {
  guard x > 0 else { return (0, 1) }
  let scale = exp(a * log(x) - x - lgamma(a))
  if x < a + 1 {
    var term = 1 / a, sum = term, n = a
    repeat {
      n += 1
      term *= x / n
      sum += term
    } while term > sum * 1e-17
    return (scale * sum, 1 - scale * sum)
  }
  let tiny = 1e-300
  var b = x + 1 - a, c = 1 / tiny, d = 1 / b, fraction = d, step = 1.0
  for n in 1..<1_000_000 {
    let numerator = -Double(n) * (Double(n) - a)
    b += 2
    d = numerator * d + b
    if abs(d) < tiny { d = tiny }
    c = b + numerator / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    step = d * c
    fraction *= step
    if abs(step - 1) < 1e-16 { break }
  }
  return (1 - scale * fraction, scale * fraction)
}
