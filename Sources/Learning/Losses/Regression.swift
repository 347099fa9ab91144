/// (y − t)²
public func squaredError(_ y: Node, _ targets: Node, weights: Node? = nil, reduction: LossReduction = .mean) -> Node {
  square(y - targets).reduced(reduction, weights: weights)
}

/// |y − t|
public func absoluteError(_ y: Node, _ targets: Node, weights: Node? = nil, reduction: LossReduction = .mean) -> Node {
  abs(y - targets).reduced(reduction, weights: weights)
}

/// ½ (y − t)² where |y − t| ≤ δ, else δ · (|y − t| − ½ δ) (Huber 1964): computed as c · |y − t| − ½ c² with c = min(|y − t|, δ).
public func huberLoss(_ y: Node, _ targets: Node, delta: Float = 1, weights: Node? = nil, reduction: LossReduction = .mean) -> Node {
  let distance = abs(y - targets), near = distance - relu(distance - delta)
  return (near * distance - square(near) * 0.5).reduced(reduction, weights: weights)
}

/// max(0, 1 − t · y), with targets of −1 and 1.
public func hingeLoss(_ y: Node, _ targets: Node, weights: Node? = nil, reduction: LossReduction = .mean) -> Node {
  relu(1 - targets * y).reduced(reduction, weights: weights)
}
