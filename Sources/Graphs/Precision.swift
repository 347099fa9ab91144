import Kernels

/// What numbers a program's convolutions multiply; values between operations are floats in any case.
public enum Precision: Sendable {
  case float32
  /// Rounded to bf16, where no algorithm saves multiplications of floats: windows other than 3×3 of stride 1.
  case bfloat16
  /// Bytes, with the ranges that a ``Calibrator`` has seen.
  case int8(Calibration)
}

/// Between which numbers the input of each convolution lies, by the convolution's name.
public struct Calibration: Sendable, Equatable {
  public struct Range: Sendable, Equatable {
    public var lower, upper: Float

    public init(lower: Float, upper: Float) {
      self.lower = lower
      self.upper = upper
    }
  }
  public var ranges: [String: Range]

  public init(ranges: [String: Range] = [:]) { self.ranges = ranges }

  /// Whether the ranges are those of the convolutions of `graph`, neither more nor fewer.
  public func fits(_ graph: Graph) -> Bool {
    Set(ranges.keys) == Set(graph.nodes.filter { $0.operation is Convolution2D }.map(\.name))
  }
}
