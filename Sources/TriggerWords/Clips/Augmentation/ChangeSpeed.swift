/// A sound played `factor` times as fast, and as high: y[n] = x(n · factor), x between its samples by the cubic through four of them (Catmull and Rom
/// 1974). A factor above 1 shortens it. Formants move with the pitch, so that another, smaller speaker seems to speak.
public func changedSpeed(_ samples: [Float], by factor: Float) -> [Float] {
  precondition(factor > 0.1 && factor < 10, "a factor of speed is between 0.1 and 10, found \(factor)")
  guard factor != 1, samples.count > 1 else { return samples }
  let count = Int(Float(samples.count) / factor), last = samples.count - 1
  var result = [Float](repeating: 0, count: count)
  for n in 0..<count {
    let place = Double(n) * Double(factor), whole = Int(place), t = Float(place - Double(whole))
    let a = samples[max(whole - 1, 0)], b = samples[min(whole, last)], c = samples[min(whole + 1, last)], d = samples[min(whole + 2, last)]
    result[n] = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
  }
  return result
}
