import KernelTemplates

/// y[r, i] = γ[i] · (x[r, i] − μ_r) / √(σ²_r + ε) + β[i] with the mean and the biased variance of each row of x.
///
/// - Parameters:
///   - x, y: [rows][count]; gamma, beta: [count].
public func normalizeRows(
  _ x: Span<Float>, gamma: Span<Float>, beta: Span<Float>, epsilon: Float, into y: inout MutableSpan<Float>, on processor: Processor
) {
  let count = gamma.count
  precondition(beta.count == count && y.count == x.count && count > 0 && x.count % count == 0)
  x.withUnsafeBufferPointer { x in
    gamma.withUnsafeBufferPointer { gamma in
      beta.withUnsafeBufferPointer { beta in
        y.withUnsafeMutableBufferPointer { y in
          guard let first = x.baseAddress, let y = y.baseAddress, let gamma = gamma.baseAddress, let beta = beta.baseAddress else { return }
          let rows = x.count / count, each = max(1, 4_096 / count)
          let work = (processor.kernels, first, gamma, beta, epsilon, count, rows, each, y)
          processor.threads.forEach((rows + each - 1) / each, work) { work, _, piece in
            let (kernels, x, gamma, beta, epsilon, count, rows, each, y) = work
            for row in piece * each..<min(rows, (piece + 1) * each) {
              kernels.normalizeRow(x + row * count, gamma, beta, epsilon, count, y + row * count)
            }
          }
        }
      }
    }
  }
}

/// dx[r, i] = (g[i] − mean(g) − x̂[i] · mean(g · x̂)) / √(σ² + ε) with g = γ · dy and x̂ = (x − μ) / √(σ² + ε) of row r: the gradient of
/// ``normalizeRows(_:gamma:beta:epsilon:into:on:)`` by x.
public func normalizeRowsGradient(
  _ x: Span<Float>, of dy: Span<Float>, gamma: Span<Float>, epsilon: Float, into dx: inout MutableSpan<Float>, on processor: Processor
) {
  let count = gamma.count
  precondition(count > 0 && x.count % count == 0 && dy.count == x.count && dx.count == x.count)
  x.withUnsafeBufferPointer { x in
    dy.withUnsafeBufferPointer { dy in
      gamma.withUnsafeBufferPointer { gamma in
        dx.withUnsafeMutableBufferPointer { dx in
          guard let first = x.baseAddress, let dy = dy.baseAddress, let gamma = gamma.baseAddress, let dx = dx.baseAddress else { return }
          let rows = x.count / count, each = max(1, 4_096 / count)
          processor.threads.forEach((rows + each - 1) / each, (first, dy, gamma, dx, epsilon, count, rows, each)) { work, _, piece in
            let (x, dy, gamma, dx, epsilon, count, rows, each) = work
            for row in piece * each..<min(rows, (piece + 1) * each) {
              rowGradient(x + row * count, dy + row * count, gamma, epsilon, count, dx + row * count)
            }
          }
        }
      }
    }
  }
}

private func rowGradient(
  _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ gamma: UnsafePointer<Float>, _ epsilon: Float, _ count: Int, _ dx: UnsafeMutablePointer<Float>
) {
  var sum = 0.0, squares = 0.0, gradients = 0.0, products = 0.0
  for i in 0..<count { sum += Double(x[i]) }
  let mean = Float(sum / Double(count))
  for i in 0..<count {
    let centered = x[i] - mean, gradient = gamma[i] * dy[i]
    squares += Double(centered * centered)
    gradients += Double(gradient)
    products += Double(gradient * centered)
  }
  let scale = 1 / (squares / Double(count) + Double(epsilon)).squareRoot()
  let meanGradient = Float(gradients / Double(count)), slope = Float(products / Double(count) * scale * scale), factor = Float(scale)
  for i in 0..<count { dx[i] = factor * (gamma[i] * dy[i] - meanGradient - (x[i] - mean) * slope) }
}
