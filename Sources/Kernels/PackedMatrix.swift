import KernelTemplates

/// The right operand of a matrix product, packed once for many products: a layer's weights.
///
/// Two vectors of columns after the other, each [depth][2 vectors], zeros where columns end.
public struct PackedMatrix: Sendable {
  public let depth, columns: Int
  let panels: AlignedFloats
  let width: Int

  /// - Parameters:
  ///   - b: [depth][columns], or, transposed, [columns][depth]: weights as a linear layer has them.
  ///   - stride: floats from one row of `b` to the next; nil for none in between.
  public init(_ b: Span<Float>, depth: Int, columns: Int, isTransposed: Bool, stride: Int? = nil, on processor: Processor) {
    let stride = stride ?? (isTransposed ? depth : columns)
    precondition(b.count >= matrixCount(rows: isTransposed ? columns : depth, columns: isTransposed ? depth : columns, stride: stride))
    self.depth = depth
    self.columns = columns
    width = 2 * processor.kernels.lanes
    panels = AlignedFloats(count: (columns + width - 1) / width * width * depth)
    guard columns > 0, depth > 0 else { return }
    b.withUnsafeBufferPointer { b in
      let lines = MatrixLines(base: b.baseAddress!, lineStep: isTransposed ? stride : 1, depthStep: isTransposed ? 1 : stride, count: columns)
      processor.threads.forEach((columns + width - 1) / width, (processor.kernels, lines, depth, width, panels.base)) { work, _, panel in
        let (kernels, lines, depth, width, base) = work
        kernels.packColumns(lines, panel * width, 1, 0..<depth, 0, base + panel * width * depth)
      }
    }
  }
}

/// How many floats a matrix takes whose rows lie `stride` apart.
func matrixCount(rows: Int, columns: Int, stride: Int) -> Int {
  precondition(stride >= columns, "rows of \(columns) cannot lie \(stride) apart")
  return rows == 0 || columns == 0 ? 0 : (rows - 1) * stride + columns
}
