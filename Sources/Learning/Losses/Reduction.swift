/// What becomes of the losses of single examples.
public enum LossReduction: Hashable, Sendable {
  case mean, sum
  /// They stay as they are.
  case none
}

extension Node {
  /// - Parameter weights: how much each counts, of this shape; a mean is then Σ w · l / Σ w.
  func reduced(_ reduction: LossReduction, weights: Node? = nil) -> Node {
    let weighted = weights.map { self * $0 } ?? self
    switch reduction {
    case .none: return weighted
    case .sum: return weighted.sum()
    case .mean: return weights.map { weighted.sum() / $0.sum() } ?? weighted.mean()
    }
  }
}
