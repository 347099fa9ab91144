/// y · d² + (1 − y) · max(0, m − d)² with d = ‖a − b‖ (Hadsell et al. 2006)
///
/// - Parameters:
///   - a, b: pairs of vectors, [rows, width].
///   - same: 1 for pairs that belong together, else 0, [rows].
public func contrastiveLoss(_ a: Node, _ b: Node, same: Node, margin: Float = 1, reduction: LossReduction = .mean) -> Node {
  let squares = squaredDistance(a, b), gap = relu(margin - sqrt(squares + 1e-12))
  return (same * squares + (1 - same) * square(gap)).reduced(reduction)
}

/// max(0, ‖a − p‖² − ‖a − n‖² + α) (Schroff et al. 2015)
///
/// - Parameters:
///   - anchor, positive, negative: vectors, [rows, width].
public func tripletLoss(_ anchor: Node, _ positive: Node, _ negative: Node, margin: Float = 0.2, reduction: LossReduction = .mean) -> Node {
  relu(squaredDistance(anchor, positive) - squaredDistance(anchor, negative) + margin).reduced(reduction)
}

/// 1 − cos(a, b) for pairs that belong together, max(0, cos(a, b) − m) for others.
///
/// - Parameters:
///   - a, b: vectors, [rows, width].
///   - same: 1 for pairs that belong together, else 0, [rows].
public func cosineLoss(_ a: Node, _ b: Node, same: Node, margin: Float = 0, reduction: LossReduction = .mean) -> Node {
  let cosine = cosineSimilarity(a, b)
  return (same * (1 - cosine) + (1 - same) * relu(cosine - margin)).reduced(reduction)
}

/// a · b / (‖a‖ · ‖b‖), row by row; 0 where a vector is 0.
public func cosineSimilarity(_ a: Node, _ b: Node) -> Node {
  (a * b).sum(over: [1]) / sqrt(square(a).sum(over: [1]) * square(b).sum(over: [1]) + 1e-24)
}

private func squaredDistance(_ a: Node, _ b: Node) -> Node { square(a - b).sum(over: [1]) }
