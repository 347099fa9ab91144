import Graphs

/// What a measured piece of work consists of, to tell its speed.
public enum Work: Sendable, Equatable {
  /// Pairs of a multiplication and an addition that the formula has: speed is counted in GFLOP/s, two operations a pair, whatever the algorithm saves of them.
  case multiplyAdds(Int)
  /// Bytes, each operand read once and each result written once: speed is counted in GB/s.
  case bytes(Int)

  /// Of a step that multiplies and adds the arithmetic, of any other the bytes.
  public init(of step: ProgramStep) { self = step.multiplyAdds > 0 ? .multiplyAdds(step.multiplyAdds) : .bytes(step.bytes) }

  /// Of all steps together.
  init(of steps: [ProgramStep]) {
    let multiplyAdds = steps.reduce(0) { $0 + $1.multiplyAdds }
    self = multiplyAdds > 0 ? .multiplyAdds(multiplyAdds) : .bytes(steps.reduce(0) { $0 + $1.bytes })
  }

  /// The unit of ``rate(milliseconds:)``.
  public var unit: String { if case .multiplyAdds = self { "GFLOP/s" } else { "GB/s" } }

  /// GFLOP/s or GB/s when the work takes this long.
  public func rate(milliseconds: Double) -> Double {
    let amount = switch self {
    case .multiplyAdds(let count): 2 * Double(count)
    case .bytes(let count): Double(count)
    }
    return amount / (milliseconds * 1e6)
  }
}
