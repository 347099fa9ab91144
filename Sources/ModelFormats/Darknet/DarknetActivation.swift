import Graphs

extension DarknetSection {
  /// The function that `activation=` names.
  ///
  /// - Throws: ``DarknetError`` for a name that Darknet does not know (Darknet itself would silently take ReLU).
  func activation(default fallback: Activate) throws(DarknetError) -> Activate {
    guard let option = option("activation") else { return fallback }
    guard let activation = darknetActivations[option.value] else {
      let known = darknetActivations.keys.sorted().joined(separator: ", ")
      throw error("activation: expected one of \(known), found “\(option.value.prefix(60))”", line: option.line)
    }
    return activation
  }
}

private let darknetActivations: [String: Activate] = [
  "linear": Activate(.linear), "logistic": Activate(.logistic), "loggy": Activate(.loggy), "relu": Activate(.relu), "relu6": Activate(.relu6),
  "elu": Activate(.elu), "selu": Activate(.selu), "gelu": Activate(.gelu), "relie": Activate(.leaky(slope: 0.01)),
  "leaky": Activate(.leaky(slope: 0.1)), "ramp": Activate(.ramp), "tanh": Activate(.tanh), "plse": Activate(.piecewiseLinear),
  "stair": Activate(.stair), "hardtan": Activate(.hardTanh), "lhtan": Activate(.leakyHardTanh), "swish": Activate(.swish),
  "mish": Activate(.mish), "hard_mish": Activate(.hardMish),
]
