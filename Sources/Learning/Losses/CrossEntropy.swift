import Graphs
import Kernels

/// −Σ_k t[k] · ln softmax(z)[k], for classes of which one is right.
///
/// - Parameters:
///   - logits, targets: [rows, classes]; a row of the targets is a distribution, such as one 1 among zeros.
///   - weights: how much each row counts, [rows].
///   - labelSmoothing: s: the targets become (1 − s) · t + s / classes (Szegedy et al. 2016).
public func softmaxCrossEntropy(
  _ logits: Node, _ targets: Node, weights: Node? = nil, labelSmoothing: Float = 0, reduction: LossReduction = .mean
) -> Node {
  let smooth = labelSmoothing == 0
    ? targets : targets.applying(Affine(scale: 1 - labelSmoothing, shift: labelSmoothing / Float(targets.shape[1])))
  return logits.applying(SoftmaxCrossEntropy(), smooth).reduced(reduction, weights: weights)
}

/// −w · t · ln σ(z) − (1 − t) · ln(1 − σ(z)), element by element: yes or no.
///
/// - Parameters:
///   - logits, targets: of one shape; targets from 0 to 1.
///   - positiveWeight: w.
///   - weights: how much each element counts.
///   - labelSmoothing: s: the targets become (1 − s) · t + s / 2.
public func logisticCrossEntropy(
  _ logits: Node, _ targets: Node, positiveWeight: Float = 1, weights: Node? = nil, labelSmoothing: Float = 0, reduction: LossReduction = .mean
) -> Node {
  let smooth = labelSmoothing == 0 ? targets : targets.applying(Affine(scale: 1 - labelSmoothing, shift: labelSmoothing / 2))
  return logits.applying(LogisticCrossEntropy(positiveWeight: positiveWeight), smooth).reduced(reduction, weights: weights)
}
