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
