import KernelTemplates

/// y[i] = exp((x[i] − max) / t) / Σ_j exp((x[j] − max) / t) along an axis, for each of its `runs` by itself; what lies outside all runs is copied.
///
/// - Parameters:
///   - x, y: [outer][count][inner], where count is that of the axis.
///   - runs: ranges of the axis that do not overlap.
public func softmax(
  _ x: Span<Float>, outer: Int, count: Int, inner: Int, runs: [Range<Int>], temperature: Float, into y: inout MutableSpan<Float>, on processor: Processor
) {
  precondition(x.count == outer * count * inner && y.count == x.count && runs.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= count })
  let chunk = 256, chunks = (inner + chunk - 1) / chunk, covered = runs.reduce(0) { $0 + $1.count }
  if covered < count { copy(x, from: 0, count: x.count, into: &y, at: 0) }
  // Short rows are taken several at once.
  let rows = inner == 1 ? max(1, 4_096 / max(1, count)) : 1
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      let work = (processor.kernels, x, y, count, inner, runs, 1 / temperature, chunks, rows, outer)
      processor.threads.forEach((outer + rows - 1) / rows * chunks, work) { work, _, piece in
        let (kernels, x, y, count, inner, runs, scale, chunks, rows, outer) = work
        let first = piece / chunks * rows, column = piece % chunks * 256
        for row in first..<min(outer, first + rows) {
          for run in runs where !run.isEmpty {
            let start = (row * count + run.lowerBound) * inner + column
            if inner == 1 {
              kernels.softmaxRow(scale, x + start, run.count, y + start)
            } else {
              kernels.softmaxColumns(scale, x + start, run.count, inner, min(256, inner - column), y + start)
            }
          }
        }
      }
    }
  }
}

/// dx[i] = y[i] · (dy[i] − Σ_j y[j] · dy[j]) / t along each run: the gradient of ``softmax(_:outer:count:inner:runs:temperature:into:on:)`` from its result y; what
/// lies outside all runs is dy.
public func softmaxGradient(
  _ y: Span<Float>, of dy: Span<Float>, outer: Int, count: Int, inner: Int, runs: [Range<Int>], temperature: Float, into dx: inout MutableSpan<Float>,
  on processor: Processor
) {
  precondition(y.count == outer * count * inner && dy.count == y.count && dx.count == y.count)
  precondition(runs.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= count })
  if runs.reduce(0, { $0 + $1.count }) < count { copy(dy, from: 0, count: dy.count, into: &dx, at: 0) }
  y.withUnsafeBufferPointer { y in
    dy.withUnsafeBufferPointer { dy in
      dx.withUnsafeMutableBufferPointer { dx in
        guard let y = y.baseAddress, let dy = dy.baseAddress, let dx = dx.baseAddress else { return }
        let each = max(1, 4_096 / max(1, count * inner)), work = (y, dy, dx, count, inner, runs, 1 / temperature, each, outer)
        processor.threads.forEach((outer + each - 1) / each, work) { work, _, piece in
          let (y, dy, dx, count, inner, runs, scale, each, outer) = work
          for row in piece * each..<min(outer, (piece + 1) * each) {
            for run in runs {
              for column in 0..<inner {
                var sum: Float = 0
                for k in run {
                  let place = (row * count + k) * inner + column
                  sum += y[place] * dy[place]
                }
                for k in run {
                  let place = (row * count + k) * inner + column
                  dx[place] = scale * y[place] * (dy[place] - sum)
                }
              }
            }
          }
        }
      }
    }
  }
}
