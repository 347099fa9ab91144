/// y = min(max(max(x, slope · x), lower), upper): the activations that are cheap enough to be applied to a tile while it is in registers.
@frozen public struct ClampedLine: Sendable, Hashable {
  public var slope, lower, upper: Float

  @inlinable public init(slope: Float = 1, lower: Float = -.infinity, upper: Float = .infinity) {
    self.slope = slope
    self.lower = lower
    self.upper = upper
  }

  /// The form that `activation` takes, or nil when it is another kind of function: that is applied in a pass of its own.
  public init?(_ activation: Activation) {
    switch activation {
    case .linear: self.init()
    case .relu: self.init(lower: 0)
    case .relu6: self.init(lower: 0, upper: 6)
    case .leaky(let slope) where slope > 0 && slope <= 1: self.init(slope: slope)
    case .hardTanh: self.init(lower: -1, upper: 1)
    default: return nil
    }
  }

  /// NaN stays NaN: of two operands of which one is NaN, minimum and maximum return the second.
  @inlinable @inline(__always) func callAsFunction<V: Lanes>(_ x: V) -> V {
    V.min(V(repeating: upper), V.max(V(repeating: lower), V.max(V(repeating: slope) * x, x)))
  }
}
