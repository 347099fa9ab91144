/// y[i] = f(x[i] + bias) for `count` floats; `x` and `y` may be the same memory.
@inlinable @inline(__always)
public func activate<V: Lanes>(
  _: V.Type, _ activation: Activation, bias: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
) {
  let one = V(repeating: 1), half = V(repeating: 0.5)
  switch activation {
  case .linear: map(V.self, bias, x, y, count) { $0 }
  case .relu: map(V.self, bias, x, y, count) { V.max(V.zero, $0) }
  case .relu6: map(V.self, bias, x, y, count) { V.min(V(repeating: 6), V.max(V.zero, $0)) }
  case .leaky(let slope):
    map(V.self, bias, x, y, count) { V.select(V.zero, lessThan: $0, $0, else: $0 * V(repeating: slope)) }
  case .logistic: map(V.self, bias, x, y, count) { logisticFunction($0) }
  case .tanh: map(V.self, bias, x, y, count) { hyperbolicTangent($0) }
  case .elu: map(V.self, bias, x, y, count) { V.select(V.zero, lessThan: $0, $0, else: exponential($0) - one) }
  case .selu:
    map(V.self, bias, x, y, count) {
      let negative = V(repeating: 1.673_263_24) * (exponential($0) - one)
      return V(repeating: 1.050_700_99) * V.select(V.zero, lessThan: $0, $0, else: negative)
    }
  case .swish: map(V.self, bias, x, y, count) { $0 * logisticFunction($0) }
  case .mish:
    // tanh(ln(1 + e)) = n / (n + 2) with n = e · (e + 2); from 20 on it is 1 in single precision
    map(V.self, bias, x, y, count) {
      let e = exponential(V.min(V(repeating: 20), $0))
      let n = e * (e + V(repeating: 2))
      return $0 * (n / (n + V(repeating: 2)))
    }
  case .gelu:
    map(V.self, bias, x, y, count) {
      let inner = $0 * V.multiplyAdd(V(repeating: 0.035_677), $0 * $0, V(repeating: 0.797_885))
      return half * $0 * (one + hyperbolicTangent(inner))
    }
  case .hardSwish:
    map(V.self, bias, x, y, count) {
      $0 * V.min(V(repeating: 6), V.max(V.zero, $0 + V(repeating: 3))) * V(repeating: 1 / 6)
    }
  case .hardMish: map(V.self, bias, x, y, count) { $0 * V.min(one, V.max(V.zero, V.multiplyAdd(half, $0, one))) }
  case .hardTanh: map(V.self, bias, x, y, count) { V.min(one, V.max(V(repeating: -1), $0)) }
  case .loggy: map(V.self, bias, x, y, count) { V(repeating: 2) * logisticFunction($0) - one }
  case .ramp: map(V.self, bias, x, y, count) { V.multiplyAdd(V(repeating: 0.1), $0, V.max(V.zero, $0)) }
  case .piecewiseLinear:
    map(V.self, bias, x, y, count) {
      let inside = V.min(V(repeating: 4), V.max(V(repeating: -4), $0))
      return V.multiplyAdd(V(repeating: 0.125), inside, half) + V(repeating: 0.01) * ($0 - inside)
    }
  case .stair:
    map(V.self, bias, x, y, count) {
      let step = V.floor($0), flight = V.floor($0 * half)
      return V.multiplyAdd(step - flight - flight, $0 - step, flight)
    }
  case .leakyHardTanh:
    map(V.self, bias, x, y, count) {
      let inside = V.min(one, V.max(V.zero, $0))
      return inside + V(repeating: 0.001) * ($0 - inside)
    }
  }
}

/// y[i] = body(x[i] + bias) for `count` floats.
@inlinable @inline(__always)
func map<V: Lanes>(
  _: V.Type, _ bias: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int, _ body: (V) -> V
) {
  let bias = V(repeating: bias)
  var index = 0
  while index &+ V.count <= count {
    body(V.load(x + index) + bias).store(y + index)
    index &+= V.count
  }
  if index < count {
    body(V.load(x + index, first: count &- index) + bias).store(y + index, first: count &- index)
  }
}
