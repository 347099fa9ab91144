import Glibc

/// Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.
public struct Ticks: Sendable, Equatable {
  /// In rising order, all inside the range.
  public let values: [Double]
  /// One for each value, as short as the step allows.
  public let labels: [String]

  /// - Parameters:
  ///   - range: from the lowest to the highest number of the axis; both finite.
  ///   - count: about how many ticks there should be.
  public init(in range: ClosedRange<Double>, about count: Int) {
    let span = range.upperBound - range.lowerBound
    guard span > 1e-290 && span.isFinite && count > 0 else {
      values = [range.lowerBound]
      labels = [Ticks.label(range.lowerBound, digits: 6)]
      return
    }
    let rough = span / Double(count)
    var exponent = Int(floor(log10(rough)))
    let mantissa = rough / pow(10, Double(exponent))
    let factor: Double
    switch mantissa {
    case ..<1.5: factor = 1
    case ..<3.5: factor = 2
    case ..<7.5: factor = 5
    default: (factor, exponent) = (1, exponent + 1)
    }
    let step = factor * pow(10, Double(exponent))
    let first = (range.lowerBound / step - 1e-9).rounded(.up), last = (range.upperBound / step + 1e-9).rounded(.down)
    let isExact = abs(first) < 1e15 && abs(last) < 1e15 && last >= first
    let values = isExact ? stride(from: first, through: last, by: 1).map { $0 * step + 0 } : [range.lowerBound]  // + 0 turns −0 into 0
    let largest = values.map(abs).max() ?? 0
    self.values = values
    if largest >= 1e6 || largest > 0 && largest < 1e-4 {  // 1.5e7 instead of 15000000: the mantissa shows what the step needs
      let power = Int(floor(log10(largest)))
      labels = values.map { $0 == 0 ? "0" : "\(Ticks.label($0 / pow(10, Double(power)), digits: max(power - exponent, 0)))e\(power)" }
    } else {
      labels = values.map { Ticks.label($0, digits: max(-exponent, 0)) }
    }
  }

  /// Names at 0, 1, 2 …
  init(names: [String]) {
    values = names.indices.map(Double.init)
    labels = names
  }

  /// `value` with `digits` digits after the point.
  static func label(_ value: Double, digits: Int) -> String {
    let scale = pow(10, Double(min(digits, 15)))
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let number = Int(scaled), unit = Int(scale)
    let sign = value < 0 && number != 0 ? "−" : ""
    guard digits > 0 else { return "\(sign)\(number)" }
    let fraction = String(number % unit)
    return "\(sign)\(number / unit).\(String(repeating: "0", count: min(digits, 15) - fraction.count))\(fraction)"
  }
}
