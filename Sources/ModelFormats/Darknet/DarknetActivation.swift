import Kernels

extension DarknetSection {
  /// The function that `activation=` names.
  ///
  /// - Throws: ``DarknetError`` for a name that Darknet does not know (Darknet itself would silently take ReLU).
  func activation(default fallback: Activation) throws(DarknetError) -> Activation {
    guard let option = option("activation") else { return fallback }
    guard let activation = darknetActivations[option.value] else {
      let known = darknetActivations.keys.sorted().joined(separator: ", ")
      throw error("activation: expected one of \(known), found “\(option.value.prefix(60))”", line: option.line)
    }
    return activation
  }
}

private let darknetActivations: [String: Activation] = [
  "linear": .linear, "logistic": .logistic, "loggy": .loggy, "relu": .relu, "relu6": .relu6, "elu": .elu, "selu": .selu, "gelu": .gelu,
  "relie": .leaky(slope: 0.01), "leaky": .leaky(slope: 0.1), "ramp": .ramp, "tanh": .tanh, "plse": .piecewiseLinear, "stair": .stair,
  "hardtan": .hardTanh, "lhtan": .leakyHardTanh, "swish": .swish, "mish": .mish, "hard_mish": .hardMish,
]
