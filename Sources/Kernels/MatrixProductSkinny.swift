import KernelTemplates

extension MatrixProduct {
  /// How many rows (or columns) at most are multiplied one by one with the other operand where it lies: beyond, packing it costs less than it gains.
  private static let fewDots = 8, fewCombinations = 3

  /// Computes products with few rows, or few columns, without packing the larger operand; returns whether this is one.
  ///
  /// With few columns it is the transposed product that is computed, C′ = op(B)′ · op(A)′.
  func multiplySkinny(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, start: UnsafePointer<Float>?, startStride: Int, _ activation: Activation,
    _ c: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>, _ processor: Processor
  ) -> Bool {
    var product = SkinnyProduct(
      rows: rows, columns: columns, depth: depth, a: a, aStride: aStride, b: b, bStride: bStride, c: c, cRowStep: cStride, start: start,
      startRowStep: startStride)
    let isDots: Bool
    if rows <= (transposesB ? MatrixProduct.fewDots : MatrixProduct.fewCombinations), rows <= columns || columns > 4 {
      isDots = transposesB
      if transposesA {
        for r in 0..<rows { for k in 0..<depth { scratch[r * depth + k] = a[k * aStride + r] } }
        product.a = UnsafePointer(scratch)
        product.aStride = depth
      }
    } else if columns <= (transposesA ? 1 : 4), !transposesA || cStride == 1 {
      isDots = !transposesA
      (product.rows, product.columns) = (columns, rows)
      (product.a, product.aStride, product.b, product.bStride) = (b, bStride, a, aStride)
      (product.cRowStep, product.cColumnStep, product.startRowStep, product.startColumnStep) = (1, cStride, 1, startStride)
      if !transposesB {
        for r in 0..<columns { for k in 0..<depth { scratch[r * depth + k] = b[k * bStride + r] } }
        product.a = UnsafePointer(scratch)
        product.aStride = depth
      }
    } else {
      return false
    }
    // Pieces of some 16 KB of the operand that is read once, or of long parts of its rows; whole cache lines of the result at least.
    let piece = max(32, min(512, (4_096 / max(1, depth) + 31) / 32 * 32))
    let count = isDots ? piece : max(64, min(512, (product.columns / 8 + 31) / 32 * 32))
    processor.threads.forEach((product.columns + count - 1) / count, (processor.kernels, product, isDots, activation, count)) { work, _, index in
      let (kernels, whole, isDots, activation, count) = work
      var part = whole
      let first = index * count
      part.columns = min(count, whole.columns - first)
      part.b += isDots ? first * whole.bStride : first
      part.c += first * whole.cColumnStep
      part.start = whole.start.map { $0 + first * whole.startColumnStep }
      if isDots { kernels.dotRows(part) } else { kernels.combineRows(part) }
      guard activation != .linear else { return }
      if part.cColumnStep == 1 {
        for row in 0..<part.rows { kernels.activate(activation, 0, UnsafePointer(part.c + row * part.cRowStep), part.c + row * part.cRowStep, part.columns) }
      } else {
        for column in 0..<part.columns {
          kernels.activate(activation, 0, UnsafePointer(part.c + column * part.cColumnStep), part.c + column * part.cColumnStep, part.rows)
        }
      }
    }
    return true
  }
}
