import Glibc

/// 10 log₁₀(max(power, floor) / reference); with a `range`, nothing lies more than that below the loudest.
///
/// With a range the loudest has to be known: for streams leave it out.
public func decibels(_ power: Frames, reference: Float = 1, floor: Float = 1e-10, range: Float? = 80) -> Frames {
  precondition(floor > 0, "decibels need a floor above 0, found \(floor)")
  let zero = 10 * log10(max(reference, floor))
  var result = power
  for index in result.values.indices { result.values[index] = 10 * log10(max(result.values[index], floor)) - zero }
  if let range, let loudest = result.values.max() {
    for index in result.values.indices { result.values[index] = max(result.values[index], loudest - range) }
  }
  return result
}
