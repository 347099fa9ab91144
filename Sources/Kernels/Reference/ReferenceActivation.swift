import Glibc

extension Reference {
  /// f(x): see the cases of ``Activation``.
  public static func activate(_ activation: Activation, _ x: Double) -> Double {
    func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    // Comparisons and `min` and `max` are written so that NaN passes through, as it does in the kernels.
    func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double { x < low ? low : x > high ? high : x }
    switch activation {
    case .linear: return x
    case .relu: return x < 0 ? 0 : x
    case .relu6: return clamp(x, 0, 6)
    case .leaky(let slope): return x > 0 ? x : Double(slope) * x
    case .logistic: return logistic(x)
    case .tanh: return Glibc.tanh(x)
    case .elu: return x > 0 ? x : exp(x) - 1
    case .selu: return 1.05070098 * (x > 0 ? x : 1.67326324 * (exp(x) - 1))
    case .swish: return x * logistic(x)
    case .mish: return x * Glibc.tanh(x > 40 ? x : log1p(exp(x)))
    case .gelu: return 0.5 * x * (1 + Glibc.tanh(0.797885 * x + 0.035677 * x * x * x))
    case .hardSwish: return x * clamp(x + 3, 0, 6) / 6
    case .hardMish: return x * clamp(0.5 * x + 1, 0, 1)
    case .hardTanh: return clamp(x, -1, 1)
    case .loggy: return 2 * logistic(x) - 1
    case .ramp: return (x < 0 ? 0 : x) + 0.1 * x
    case .piecewiseLinear: return x < -4 ? 0.01 * (x + 4) : x > 4 ? 1 + 0.01 * (x - 4) : 0.125 * x + 0.5
    case .stair:
      let step = floor(x), flight = floor(x / 2)
      return step == 2 * flight ? flight : (x - step) + flight
    case .leakyHardTanh: return x < 0 ? 0.001 * x : x > 1 ? 1 + 0.001 * (x - 1) : x
    }
  }
}
