import Glibc
public import Tensors

/// p[i, k] = softmax(z[i] / T)[k] of logits z; of one logit a row, σ(z / T) is that of the second of two classes.
///
/// - Parameters:
///   - logits: [rows, classes], or [rows, 1].
///   - temperature: T, above 0.
public func probabilities(ofLogits logits: Tensor, temperature: Float = 1) -> [[Float]] {
  precondition(logits.shape.rank == 2 && logits.shape[1] > 0 && temperature > 0, "logits of \(logits.shape) at a temperature of \(temperature)")
  let columns = logits.shape[1], values = logits.elements
  return (0..<logits.shape[0]).map { row in
    let own = values[row * columns..<(row + 1) * columns].map { $0 / temperature }
    if columns == 1 {
      let yes = 1 / (1 + expf(-own[0])), no = 1 / (1 + expf(own[0]))
      return [no, yes]
    }
    let top = own.max()!, powers = own.map { expf($0 - top) }, sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
