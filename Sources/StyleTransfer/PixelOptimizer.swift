import Kernels
import Learning
import Tensors

/// The method that moves the pixels: one step at a time, and resumable.
enum PixelOptimizer {
  case lbfgs(LBFGS)
  case adam(Adam)

  /// - Parameters:
  ///   - rate: of Adam in grey levels, of L-BFGS as a part of its usual step.
  ///   - history: how many steps L-BFGS remembers.
  ///   - count: how many numbers are changed.
  init(_ method: StyleSettings.Method, rate: Double?, history: Int, count: Int) {
    switch method {
    case .adam: self = .adam(Adam(learningRate: Float(rate ?? 4)))
    case .lbfgs:
      // The first step goes along the gradient; it is one grey level long on average, whatever the scale of the loss.
      self = .lbfgs(LBFGS(learningRate: Float(Double(count) * (rate ?? 1)), historyLimit: history, gradientTolerance: 0, changeTolerance: 1e-12, evaluationLimit: 12))
    }
  }

  enum Outcome { case moved, ended, diverged }

  /// - Returns: what became of the step, and how often the loss was asked for.
  mutating func step(_ pixels: inout Tensor, rate: Double?, on processor: Processor, _ evaluate: (Tensor) -> (objective: Double, gradient: Tensor)) -> Outcome {
    switch self {
    case .adam(var adam):
      let (objective, gradient) = evaluate(pixels)
      guard objective.isFinite else { return .diverged }
      var values = [pixels]
      adam.update(&values, along: [gradient], on: processor)
      pixels = values[0]
      self = .adam(adam)
      return .moved
    case .lbfgs(var lbfgs):
      var values = [pixels]
      let step = lbfgs.step(&values, on: processor) { values in
        let (objective, gradient) = evaluate(values[0])
        return (objective, [gradient])
      }
      pixels = values[0]
      if step.outcome == .moved { lbfgs.learningRate = Float(rate ?? 1) }
      self = .lbfgs(lbfgs)
      return step.outcome == .moved ? .moved : step.outcome == .diverged ? .diverged : .ended
    }
  }

  var state: [(name: String, tensor: Tensor)] {
    switch self {
    case .adam(let adam): adam.state
    case .lbfgs(let lbfgs): lbfgs.state
    }
  }

  mutating func restore(_ state: [String: Tensor], shape: Shape, rate: Double?) throws(StateError) {
    switch self {
    case .adam(var adam):
      try adam.restore(state, for: [shape])
      self = .adam(adam)
    case .lbfgs(var lbfgs):
      try lbfgs.restore(state, for: [shape])
      if state["parameters"] != nil, (state["step"]?.elements.contains { $0 != 0 }) ?? false { lbfgs.learningRate = Float(rate ?? 1) }
      self = .lbfgs(lbfgs)
    }
  }
}
