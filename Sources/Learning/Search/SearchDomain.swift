import Glibc
import Tensors

/// The values that a hyper-parameter may have, and the scale on which they are equally likely.
///
/// Numbers are rounded to five digits, so that what a table shows is what was tried.
public enum SearchDomain: Hashable, Sendable {
  case choices([SearchValue])
  case linear(ClosedRange<Double>)
  /// As for learning rates: 0.001 to 0.01 is as likely as 0.01 to 0.1.
  case logarithmic(ClosedRange<Double>)
  case integers(ClosedRange<Int>)

  func check(_ name: String) throws(SearchError) {
    switch self {
    case .choices(let values): if values.isEmpty { throw .noChoices(name: name) }
    case .integers: break
    case .linear(let range), .logarithmic(let range):
      guard range.lowerBound.isFinite, (range.upperBound - range.lowerBound).isFinite else { throw .notFinite(name: name) }
      if case .logarithmic = self, range.lowerBound <= 0 { throw .notPositive(name: name, found: range.lowerBound) }
    }
  }

  /// At most `count` values, spread evenly from one end to the other.
  func points(_ count: Int) -> [SearchValue] {
    switch self {
    case .choices(let values): return values
    case .integers(let range):
      let (width, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
      if !overflow && width < count { return range.map { .number(Double($0)) } }
    case .linear(let range), .logarithmic(let range): if range.lowerBound == range.upperBound { return [.number(range.lowerBound)] }
    }
    return (0..<count).map { value(at: count == 1 ? 0.5 : Double($0) / Double(count - 1)) }
  }

  func value(using random: inout RandomNumbers) -> SearchValue {
    switch self {
    case .choices(let values): return values[random.index(below: values.count)]
    case .integers(let range):
      let (width, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
      guard !overflow && width < Int.max else { break }
      return .number(Double(range.lowerBound + random.index(below: width + 1)))
    case .linear, .logarithmic: break
    }
    return value(at: Double(random.next() >> 11) * 0x1p-53)
  }

  /// The value at a place from 0 to 1 of the scale.
  private func value(at place: Double) -> SearchValue {
    switch self {
    case .choices(let values): return values[min(values.count - 1, Int(place * Double(values.count)))]
    case .integers(let range):
      let lower = Double(range.lowerBound), upper = Double(range.upperBound)
      return .number((lower + place * (upper - lower)).rounded())
    case .linear(let range): return .number(rounded(range.lowerBound + place * (range.upperBound - range.lowerBound), within: range))
    case .logarithmic(let range):
      return .number(rounded(exp(log(range.lowerBound) + place * (log(range.upperBound) - log(range.lowerBound))), within: range))
    }
  }

  private func rounded(_ number: Double, within range: ClosedRange<Double>) -> Double {
    min(max(roundedToDigits(number, 5), range.lowerBound), range.upperBound)
  }
}

/// The nearest number of so many decimal digits.
func roundedToDigits(_ number: Double, _ digits: Int) -> Double {
  guard number != 0 && number.isFinite else { return number }
  let exponent = digits - 1 - Int(floor(log10(abs(number))))
  guard abs(exponent) <= 300 else { return number }
  // Powers of ten are whole numbers, and so the last operation rounds to what is printed with these digits.
  return exponent >= 0 ? (number * pow(10, Double(exponent))).rounded() / pow(10, Double(exponent))
    : (number / pow(10, Double(-exponent))).rounded() * pow(10, Double(-exponent))
}
