import KernelTemplates

/// C = f(bias + op(A) · op(B)), or C += op(A) · op(B), where op is nothing or the transposition: single-precision general matrix multiplication ("SGEMM").
///
/// All matrices are row-major. op(A) is [rows][depth], op(B) [depth][columns], C [rows][columns]. The product is cut by its shape; a sum is taken in the order
/// of depth, so results are the same for any number of threads, and products with few rows or columns read the larger operand where it lies.
public struct MatrixProduct: Sendable {
  public let rows, columns, depth: Int
  /// Whether A lies as [depth][rows], and B as [columns][depth].
  public let transposesA, transposesB: Bool
  /// Floats from one row to the next of A, B and C as they lie.
  public let aStride, bStride, cStride: Int
  let blocking: MatrixBlocking
  let lanes, tileRows: Int

  /// - Parameters:
  ///   - aStride, bStride, cStride: floats from one row to the next of A, B and C as they lie; nil for none in between.
  public init(
    rows: Int, columns: Int, depth: Int, transposesA: Bool = false, transposesB: Bool = false, aStride: Int? = nil, bStride: Int? = nil,
    cStride: Int? = nil, kernels: KernelTable
  ) {
    precondition(rows >= 0 && columns >= 0 && depth >= 0)
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.transposesA = transposesA
    self.transposesB = transposesB
    self.aStride = aStride ?? (transposesA ? rows : depth)
    self.bStride = bStride ?? (transposesB ? depth : columns)
    self.cStride = cStride ?? columns
    blocking = MatrixBlocking(rows: rows, columns: columns, depth: depth, kernels: kernels)
    lanes = kernels.lanes
    tileRows = kernels.tileRows
  }

  /// How many floats of working memory a run needs.
  public var scratchCount: Int {
    let packed = (blocking.rows + blocking.columns) * blocking.depth
    return max(packed, 8 * depth)
  }

  /// - Parameters:
  ///   - bias: [columns], or nil; not together with `accumulating`.
  ///   - accumulating: whether the product is added to what C holds.
  ///   - scratch: ``scratchCount`` floats.
  public func run(
    _ a: Span<Float>, _ b: Span<Float>, bias: Span<Float>? = nil, accumulating: Bool = false, activation: Activation = .linear,
    into c: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    precondition(
      b.count >= matrixCount(rows: transposesB ? columns : depth, columns: transposesB ? depth : columns, stride: bStride),
      "the right operand has \(b.count) numbers, too few")
    b.withUnsafeBufferPointer { b in
      run(
        a, .plain(b.baseAddress ?? processor.noFloats), bias: bias, accumulating: accumulating, activation: activation, into: &c, scratch: &scratch,
        on: processor)
    }
  }

  /// As above with a right operand that was packed before; how B lies does not matter then.
  public func run(
    _ a: Span<Float>, _ b: PackedMatrix, bias: Span<Float>? = nil, accumulating: Bool = false, activation: Activation = .linear,
    into c: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    precondition(b.depth == depth && b.columns == columns && b.width == 2 * lanes, "the packed operand is another product's")
    run(
      a, .packed(UnsafePointer(b.panels.base)), bias: bias, accumulating: accumulating, activation: activation, into: &c, scratch: &scratch,
      on: processor)
  }

  private func run(
    _ a: Span<Float>, _ b: RightOperand, bias: Span<Float>?, accumulating: Bool, activation: Activation, into c: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    precondition(processor.kernels.lanes == lanes, "planned for kernels of other vectors")
    precondition(
      a.count >= matrixCount(rows: transposesA ? depth : rows, columns: transposesA ? rows : depth, stride: aStride),
      "the left operand has \(a.count) numbers, too few")
    precondition(c.count >= matrixCount(rows: rows, columns: columns, stride: cStride), "the result has \(c.count) numbers, too few")
    precondition(bias == nil || bias!.count == columns && !accumulating, "a bias of \(columns) numbers, to a product that is not added to another")
    precondition(scratch.count >= scratchCount)
    a.withUnsafeBufferPointer { a in
      c.withUnsafeMutableBufferPointer { c in
        scratch.withUnsafeMutableBufferPointer { scratch in
          guard let c = c.baseAddress else { return }
          let a = a.baseAddress ?? processor.noFloats, scratch = scratch.baseAddress ?? c
          guard let bias else {
            return run(
              a, b, start: accumulating ? UnsafePointer(c) : nil, startStride: accumulating ? cStride : 0, activation, c, scratch, processor)
          }
          bias.withUnsafeBufferPointer { run(a, b, start: $0.baseAddress, startStride: 0, activation, c, scratch, processor) }
        }
      }
    }
  }

  /// The right operand as it is given, or in panels.
  enum RightOperand {
    case plain(UnsafePointer<Float>)
    case packed(UnsafePointer<Float>)
  }

  /// The product of what lies at addresses; sums begin with `start`, rows of it `startStride` apart (0 for a bias).
  func run(
    _ a: UnsafePointer<Float>, _ b: RightOperand, start: UnsafePointer<Float>?, startStride: Int, _ activation: Activation,
    _ c: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>, _ processor: Processor
  ) {
    guard rows > 0, columns > 0 else { return }
    if case .plain(let b) = b, multiplySkinny(a, b, start: start, startStride: startStride, activation, c, scratch, processor) { return }
    let call = MatrixProductCall(
      product: self, kernels: processor.kernels, a: a, b: b, start: start, startStride: startStride, activation: activation, c: c,
      packedRows: scratch, packedColumns: scratch + blocking.rows * blocking.depth)
    call.run(on: processor.threads)
  }
}

extension Processor {
  /// An address for operands of no elements.
  var noFloats: UnsafePointer<Float> { UnsafePointer(bitPattern: 64)! }
}

extension MatrixProduct {
  private typealias BatchWork = (
    product: MatrixProduct, a: UnsafePointer<Float>, b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    activation: Activation, processor: Processor
  )

  /// As many products as there are items in a batch, whose matrices lie one after the other.
  ///
  /// - Parameters:
  ///   - sharesBatch: whether threads take items, not parts of one; `scratch` then holds ``scratchCount`` floats a thread.
  public func run(
    batch: Int, _ a: Span<Float>, _ b: Span<Float>, activation: Activation = .linear, sharingBatch sharesBatch: Bool,
    into c: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor
  ) {
    precondition(batch >= 0 && a.count >= batch * rows * depth && b.count >= batch * depth * columns && c.count >= batch * rows * columns)
    precondition(aStride == (transposesA ? rows : depth) && bStride == (transposesB ? depth : columns) && cStride == columns)
    precondition(scratch.count >= scratchCount * (sharesBatch ? processor.threads.threadCount : 1))
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          scratch.withUnsafeMutableBufferPointer { scratch in
            guard let c = c.baseAddress else { return }
            let a = a.baseAddress ?? processor.noFloats, b = b.baseAddress ?? processor.noFloats, scratch = scratch.baseAddress ?? c
            let item: (BatchWork, Int, Int) -> Void = { work, thread, index in
              let (product, a, b, c, scratch, activation, processor) = work
              product.run(
                a + index * product.rows * product.depth, .plain(b + index * product.depth * product.columns), start: nil, startStride: 0, activation,
                c + index * product.rows * product.columns, scratch + thread * product.scratchCount, processor)
            }
            let work: BatchWork = (self, a, b, c, scratch, activation, processor)
            if sharesBatch {
              processor.threads.forEach(batch, work, item)
            } else {
              for index in 0..<batch { item(work, 0, index) }
            }
          }
        }
      }
    }
  }
}
