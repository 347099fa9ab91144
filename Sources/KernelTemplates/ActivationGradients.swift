extension Activation {
  /// Whether ``activationGradient(_:_:_:_:_:count:)`` computes the derivative from the function's result, so that the argument need not be kept.
  public var gradientUsesResult: Bool {
    switch self {
    case .linear, .relu, .relu6, .logistic, .tanh, .elu, .selu, .hardTanh, .loggy, .ramp, .piecewiseLinear, .leakyHardTanh: true
    case .leaky(let slope): slope > 0
    case .swish, .mish, .gelu, .hardSwish, .hardMish, .stair: false
    }
  }
}

/// dx[i] = f'(x[i]) · dy[i] for `count` floats. `v` is the function's result y if ``Activation/gradientUsesResult``, else its argument x.
///
/// Where f has a corner, its slope is that to the left: relu'(0) = 0. `dx` may be `dy`.
@inlinable @inline(__always)
public func activationGradient<V: Lanes>(
  _: V.Type, _ activation: Activation, _ v: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>, count: Int
) {
  let one = V(repeating: 1), zero = V.zero, half = V(repeating: 0.5)
  switch activation {
  case .linear: combine(V.self, v, dy, dx, count) { $1 }
  case .relu: combine(V.self, v, dy, dx, count) { V.select(zero, lessThan: $0, $1, else: zero) }
  case .relu6:
    combine(V.self, v, dy, dx, count) { V.select(zero, lessThan: $0, V.select($0, lessThan: V(repeating: 6), $1, else: zero), else: zero) }
  case .leaky(let slope): combine(V.self, v, dy, dx, count) { V.select(zero, lessThan: $0, $1, else: $1 * V(repeating: slope)) }
  case .logistic: combine(V.self, v, dy, dx, count) { $1 * ($0 * (one - $0)) }
  case .tanh: combine(V.self, v, dy, dx, count) { $1 * (one - $0 * $0) }
  case .elu: combine(V.self, v, dy, dx, count) { $1 * V.select(zero, lessThan: $0, one, else: $0 + one) }
  case .selu:
    combine(V.self, v, dy, dx, count) {
      $1 * V.select(zero, lessThan: $0, V(repeating: 1.050_700_99), else: $0 + V(repeating: 1.050_700_99 * 1.673_263_24))
    }
  case .swish:
    combine(V.self, v, dy, dx, count) {
      let s = logisticFunction($0)
      return $1 * V.multiplyAdd($0 * s, one - s, s)
    }
  case .mish:
    // t = tanh(ln(1 + e)), t' = (1 − t²) · e / (1 + e)
    combine(V.self, v, dy, dx, count) {
      let e = exponential(V.min(V(repeating: 20), $0)), n = e * (e + V(repeating: 2)), t = n / (n + V(repeating: 2))
      return $1 * V.multiplyAdd($0 * (one - t * t), e / (one + e), t)
    }
  case .gelu:
    combine(V.self, v, dy, dx, count) {
      let square = $0 * $0, t = hyperbolicTangent($0 * V.multiplyAdd(V(repeating: 0.035_677), square, V(repeating: 0.797_885)))
      let inner = V.multiplyAdd(V(repeating: 3 * 0.035_677), square, V(repeating: 0.797_885))
      return $1 * half * V.multiplyAdd($0 * (one - t * t), inner, one + t)
    }
  case .hardSwish:
    combine(V.self, v, dy, dx, count) {
      let slope = V.multiplyAdd(V(repeating: 1.0 / 3), $0, half), three = V(repeating: 3)
      return $1 * V.select(zero - three, lessThan: $0, V.select(three, lessThan: $0, one, else: slope), else: zero)
    }
  case .hardMish:
    combine(V.self, v, dy, dx, count) {
      $1 * V.select(V(repeating: -2), lessThan: $0, V.select(zero, lessThan: $0, one, else: $0 + one), else: zero)
    }
  case .hardTanh:
    combine(V.self, v, dy, dx, count) { V.select(V(repeating: -1), lessThan: $0, V.select($0, lessThan: one, $1, else: zero), else: zero) }
  case .loggy: combine(V.self, v, dy, dx, count) { $1 * half * (one - $0 * $0) }
  case .ramp: combine(V.self, v, dy, dx, count) { $1 * V.select(zero, lessThan: $0, V(repeating: 1.1), else: V(repeating: 0.1)) }
  case .piecewiseLinear: insideUnit(V.self, v, dy, dx, count, slope: 0.125, outside: 0.01)
  case .stair:
    combine(V.self, v, dy, dx, count) {
      let step = V.floor($0), flight = V.floor($0 * half)
      return $1 * (step - flight - flight)
    }
  case .leakyHardTanh: insideUnit(V.self, v, dy, dx, count, slope: 1, outside: 0.001)
  }
}

/// One slope where y is between 0 and 1, another outside.
@inlinable @inline(__always)
func insideUnit<V: Lanes>(
  _: V.Type, _ y: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>, _ count: Int, slope: Float, outside: Float
) {
  let one = V(repeating: 1), slope = V(repeating: slope), outside = V(repeating: outside)
  combine(V.self, y, dy, dx, count) { y, dy in
    dy * V.select(V.zero, lessThan: y, V.select(y, lessThan: one, slope, else: outside), else: outside)
  }
}
