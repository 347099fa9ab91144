import KernelTemplates

/// How many outputs make a piece of work.
private let piece = 64

/// y[n, o] = activation(b[o] + Σ_i w[o, i] · x[n, i]): a fully connected layer whose weights are read in place, once a row of x.
///
/// - Parameters:
///   - x: [rows][inputs].
///   - weights: [outputs][inputs].
///   - bias: [outputs], or nil.
///   - y: [rows][outputs].
public func linear(
  _ x: Span<Float>, weights: Span<Float>, bias: Span<Float>?, activation: Activation, rows: Int, into y: inout MutableSpan<Float>,
  on processor: Processor
) {
  guard rows > 0 else { return }
  let inputs = x.count / rows, outputs = y.count / rows
  precondition(weights.count == inputs * outputs && (bias == nil || bias!.count == outputs))
  x.withUnsafeBufferPointer { x in
    weights.withUnsafeBufferPointer { weights in
      y.withUnsafeMutableBufferPointer { y in
        guard let target = y.baseAddress, let weights = weights.baseAddress, let x = x.baseAddress else { return }
        let work = (processor.kernels, x, weights, target, rows, inputs, outputs)
        processor.threads.forEach((outputs + piece - 1) / piece, work) { work, _, index in
          let (kernels, x, weights, target, rows, inputs, outputs) = work
          for row in 0..<rows {
            for output in index * piece..<min(outputs, (index + 1) * piece) {
              target[row * outputs + output] = kernels.dotProduct(x + row * inputs, weights + output * inputs, inputs)
            }
          }
        }
      }
    }
  }
  y.withUnsafeMutableBufferPointer { y in
    if let bias { for row in 0..<rows { for output in 0..<outputs { y[row * outputs + output] += bias[output] } } }
    guard activation != .linear, let base = y.baseAddress else { return }
    processor.kernels.activate(activation, 0, UnsafePointer(base), base, y.count)
  }
}
