/// A function applied to each element of a layer's result. Formulas stand beside the cases; x is the element.
@frozen public enum Activation: Hashable, Sendable {
  /// x
  case linear
  /// max(x, 0)
  case relu
  /// min(max(x, 0), 6)
  case relu6
  /// x > 0 ? x : slope · x
  case leaky(slope: Float)
  /// 1 / (1 + e^−x)
  case logistic
  /// tanh x
  case tanh
  /// x > 0 ? x : e^x − 1 (Clevert et al. 2016)
  case elu
  /// 1.0507 · (x > 0 ? x : 1.6732 · (e^x − 1)) (Klambauer et al. 2017)
  case selu
  /// x · logistic(x) (Ramachandran et al. 2017)
  case swish
  /// x · tanh(ln(1 + e^x)) (Misra 2020)
  case mish
  /// ½ · x · (1 + tanh(0.797885 · x + 0.035677 · x³)), the usual approximation of x · Φ(x) (Hendrycks & Gimpel 2016)
  case gelu
  /// x · min(max(x + 3, 0), 6) / 6 (Howard et al. 2019)
  case hardSwish
  /// x · min(max(½ · x + 1, 0), 1): Darknet's `hard_mish`
  case hardMish
  /// min(max(x, −1), 1)
  case hardTanh
  /// 2 · logistic(x) − 1: Darknet's `loggy`
  case loggy
  /// x > 0 ? x : 0.01 · x, Darknet's `relie`, is ``leaky(slope:)``; this is max(x, 0) + 0.1 · x: Darknet's `ramp`
  case ramp
  /// 0.125 · x + 0.5 inside [−4, 4], continued with a slope of 0.01: Darknet's `plse`
  case piecewiseLinear
  /// ⌊x⌋ even: ⌊x / 2⌋; odd: (x − ⌊x⌋) + ⌊x / 2⌋: Darknet's `stair`
  case stair
  /// x within [0, 1], continued with a slope of 0.001: Darknet's `lhtan`
  case leakyHardTanh
}
