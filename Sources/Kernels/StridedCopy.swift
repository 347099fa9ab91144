/// y[yStart + Σ_k i_k · yStrides_k] = x[xStart + Σ_k i_k · xStrides_k] for all i_k < sizes_k: transpositions, slices, repetitions (a stride of 0 in x) and the
/// filling of a part of y.
public struct StridedCopy: Sendable {
  private let sizes, xStrides, yStrides: [Int]
  private let xStart, yStart: Int
  /// One more than the largest place that is read, and written.
  private let xEnd, yEnd: Int

  /// - Precondition: as many strides as sizes, none negative.
  public init(sizes: [Int], xStart: Int = 0, xStrides: [Int], yStart: Int = 0, yStrides: [Int]) {
    precondition(xStrides.count == sizes.count && yStrides.count == sizes.count && xStart >= 0 && yStart >= 0)
    precondition((sizes + xStrides + yStrides).allSatisfy { $0 >= 0 })
    func end(_ start: Int, _ strides: [Int]) -> Int {
      sizes.contains(0) ? 0 : zip(sizes, strides).reduce(start + 1) { $0 + ($1.0 - 1) * $1.1 }
    }
    self.xStart = xStart
    self.yStart = yStart
    xEnd = end(xStart, xStrides)
    yEnd = end(yStart, yStrides)
    // Neighbouring axes along which both sides go on evenly are one; axes of one place are none.
    var merged: [(size: Int, x: Int, y: Int)] = []
    for axis in sizes.indices where sizes[axis] != 1 {
      if let last = merged.last, last.x == sizes[axis] * xStrides[axis], last.y == sizes[axis] * yStrides[axis] {
        merged[merged.count - 1] = (last.size * sizes[axis], xStrides[axis], yStrides[axis])
      } else {
        merged.append((sizes[axis], xStrides[axis], yStrides[axis]))
      }
    }
    if merged.isEmpty { merged = [(1, 1, 1)] }
    self.sizes = merged.map(\.size)
    self.xStrides = merged.map(\.x)
    self.yStrides = merged.map(\.y)
  }

  public func run(_ x: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
    precondition(x.count >= xEnd && y.count >= yEnd)
    let lines = sizes.dropLast().reduce(1, *)
    guard yEnd > 0 else { return }
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        let each = max(1, 8_192 / sizes[sizes.count - 1])
        processor.threads.forEach((lines + each - 1) / each, (copy: self, x: x, y: y, each: each, lines: lines)) { work, _, piece in
          for line in piece * work.each..<min(work.lines, (piece + 1) * work.each) { work.copy.run(line, work.x, work.y) }
        }
      }
    }
  }

  /// Copies along the last axis.
  private func run(_ line: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    var rest = line, source = xStart, target = yStart
    for axis in stride(from: sizes.count - 2, through: 0, by: -1) {
      let place = rest % sizes[axis]
      rest /= sizes[axis]
      source += place * xStrides[axis]
      target += place * yStrides[axis]
    }
    let last = sizes.count - 1, count = sizes[last], xStep = xStrides[last], yStep = yStrides[last]
    switch (xStep, yStep) {
    case (1, 1): (y + target).update(from: x + source, count: count)
    case (0, 1): (y + target).update(repeating: x[source], count: count)
    default: for index in 0..<count { y[target + index * yStep] = x[source + index * xStep] }
    }
  }
}
