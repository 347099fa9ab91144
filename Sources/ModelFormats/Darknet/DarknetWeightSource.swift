import Tensors

/// Where a network's weights come from.
enum DarknetWeightSource {
  case file(DarknetWeights)
  /// Drawn at random: biases and means 0, scales and variances 1, weights evenly from ±√(6 / fan-in), which keeps the size of a signal through rectified layers
  /// (He et al. 2015).
  case random(RandomNumbers)

  /// What a run of numbers is, which decides what a random source draws.
  enum Role {
    case zeros, ones
    case weights(fanIn: Int)
  }

  mutating func take(_ shape: Shape, _ role: Role, for layer: String) throws(DarknetError) -> Tensor {
    switch self {
    case .file(var weights):
      let tensor = try weights.take(shape, for: layer)
      self = .file(weights)
      return tensor
    case .random(var generator):
      switch role {
      case .zeros: return Tensor(shape)
      case .ones: return Tensor(shape, repeating: 1)
      case .weights(let fanIn):
        let bound = (6 / Float(max(fanIn, 1))).squareRoot()
        let tensor = Tensor(shape, uniformIn: -bound..<bound, using: &generator)
        self = .random(generator)
        return tensor
      }
    }
  }

  /// Whether `[connected]` weights are stored [inputs, outputs].
  var isTransposed: Bool {
    if case .file(let weights) = self { weights.isTransposed } else { false }
  }

  func finish() throws(DarknetError) {
    if case .file(let weights) = self { try weights.finish() }
  }
}
