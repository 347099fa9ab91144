import Kernels
import Tensors

/// g ← min(max(g, −limit), limit), element by element; NaN stays. The course's `clip`.
public func clip(_ gradients: inout [Tensor], toValue limit: Float, on processor: Processor = .default) {
  precondition(limit >= 0, "a limit cannot be negative: \(limit)")
  for index in gradients.indices {
    gradients[index].withMutableSpan { scale(&$0, by: 1, clampedTo: -limit...limit, on: processor) }
  }
}

/// g ← g min(1, limit / (‖g‖ + 1e-6)), where ‖g‖ is the norm of all gradients together: Pascanu, Mikolov and Bengio, "On the difficulty of training
/// recurrent neural networks", 2013; `torch.nn.utils.clip_grad_norm_`.
///
/// Returns ‖g‖ as it was. If that is not finite, gradients stay as they are: the caller should not step along them.
@discardableResult
public func clip(_ gradients: inout [Tensor], toGlobalNorm limit: Float, on processor: Processor = .default) -> Double {
  precondition(limit >= 0, "a limit cannot be negative: \(limit)")
  let norm = globalNorm(gradients, on: processor), factor = Double(limit) / (norm + 1e-6)
  guard norm.isFinite, factor < 1 else { return norm }
  for index in gradients.indices { gradients[index].withMutableSpan { scale(&$0, by: Float(factor), on: processor) } }
  return norm
}

/// √(Σ g²) over all elements of all tensors.
public func globalNorm(_ tensors: [Tensor], on processor: Processor = .default) -> Double {
  tensors.reduce(0) { $0 + dotProduct($1.span, $1.span, on: processor) }.squareRoot()
}
