import KernelTemplates

/// Numbers of [outer][count][inner] that are reduced over their middle axis. Long reductions are cut by shape into parts, whose results are reduced again.
public struct ReductionPlan: Sendable {
  public let outer, count, inner: Int
  /// Each of `parts` parts reduces `each` numbers, the last what is left.
  private let each, parts: Int

  private static let wantedPiece = 16_384
  private static let columns = 256

  public init(outer: Int, count: Int, inner: Int) {
    precondition(outer >= 0 && count > 0 && inner >= 0)
    self.outer = outer
    self.count = count
    self.inner = inner
    let width = min(inner, Self.columns), needed = outer * ((inner + Self.columns - 1) / Self.columns) < 16
    let wanted = max(64, Self.wantedPiece / max(1, width))
    each = needed && count > 2 * wanted ? wanted : count
    parts = (count + each - 1) / each
  }

  /// How many floats of working memory a stage of ``reduce(_:_:by:into:scratch:on:)`` needs.
  public var scratchCount: Int { parts > 1 ? outer * parts * inner : 0 }

  fileprivate var chunks: Int { (inner + Self.columns - 1) / Self.columns }
  fileprivate var units: Int { outer * parts * chunks }
  /// Short reductions are taken several at once, so that threads do not write side by side.
  fileprivate var unitsOfPiece: Int { max(1, Self.wantedPiece / max(1, each * min(inner, Self.columns))) }
  fileprivate var pieces: Int { (units + unitsOfPiece - 1) / unitsOfPiece }

  /// Reduces the numbers of one piece into [outer][parts][inner].
  fileprivate func reduce(
    _ kind: Reduction, _ scale: Float, piece: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ kernels: KernelTable
  ) {
    for unit in piece * unitsOfPiece..<min(units, (piece + 1) * unitsOfPiece) { reduce(kind, scale, unit: unit, x, y, kernels) }
  }

  private func reduce(
    _ kind: Reduction, _ scale: Float, unit piece: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ kernels: KernelTable
  ) {
    let column = piece % chunks * Self.columns, part = piece / chunks % parts, row = piece / chunks / parts
    let first = part * each, length = min(each, count - first), width = min(Self.columns, inner - column)
    let source = x + ((row * count + first) * inner + column), target = y + ((row * parts + part) * inner + column)
    switch (kind, inner == 1) {
    case (.sum, true), (.mean, true): target.pointee = Float(kernels.sumRow(source, length) * Double(scale))
    case (.sum, false), (.mean, false): kernels.sumColumns(source, length, inner, width, scale, target)
    case (.max, true): target.pointee = kernels.extremeOfRow(1, source, length)
    case (.max, false): kernels.extremeOfColumns(1, source, length, inner, width, target)
    case (.min, true): target.pointee = kernels.extremeOfRow(-1, source, length)
    case (.min, false): kernels.extremeOfColumns(-1, source, length, inner, width, target)
    }
  }

  fileprivate var second: ReductionPlan { ReductionPlan(outer: outer, parts: parts, inner: inner) }
  fileprivate var isCut: Bool { parts > 1 }

  private init(outer: Int, parts count: Int, inner: Int) {
    self.outer = outer
    self.count = count
    self.inner = inner
    each = count
    parts = 1
  }
}

extension [ReductionPlan] {
  /// How many floats of working memory ``reduce(_:_:by:into:scratch:on:)`` needs.
  public var scratchCount: Int { sharedCount + 2 * resultCount }

  /// What each stage needs for itself, and how large the results between them are, which lie in two places in turn.
  fileprivate var sharedCount: Int { reduce(0) { Swift.max($0, $1.scratchCount) } }
  fileprivate var resultCount: Int { dropLast().reduce(0) { Swift.max($0, $1.outer * $1.inner) } }
}

/// y[o, i] = Σ_k x[o, k, i], their mean, or the largest or smallest of them, NaN if there is one; then the same with the result for each further
/// stage. Sums are compensated.
public func reduce(
  _ kind: Reduction, _ x: Span<Float>, by stages: [ReductionPlan], into y: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
  on processor: Processor
) {
  precondition(scratch.count >= stages.scratchCount)
  guard let first = stages.first, let last = stages.last else { return copy(x, from: 0, count: x.count, into: &y, at: 0) }
  precondition(x.count == first.outer * first.count * first.inner && y.count == last.outer * last.inner)
  let shared = stages.sharedCount, size = stages.resultCount
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard var source = x.baseAddress, let y = y.baseAddress else { return }
        for (number, plan) in stages.enumerated() {
          let isLast = number == stages.count - 1
          guard let target = isLast ? y : scratch.baseAddress.map({ $0 + (shared + number % 2 * size) }) else { return }
          reduce(kind, source, by: plan, target, scratch.baseAddress, on: processor)
          source = UnsafePointer(target)
        }
      }
    }
  }
}

private func reduce(
  _ kind: Reduction, _ x: UnsafePointer<Float>, by plan: ReductionPlan, _ y: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>?,
  on processor: Processor
) {
  func run(_ plan: ReductionPlan, _ scale: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    processor.threads.forEach(plan.pieces, (processor.kernels, kind, scale, plan, x, y)) { work, _, piece in
      work.3.reduce(work.1, work.2, piece: piece, work.4, work.5, work.0)
    }
  }
  let scale = kind == .mean ? 1 / Float(plan.count) : 1
  guard plan.isCut, let scratch else { return run(plan, scale, x, y) }
  run(plan, 1, x, scratch)
  run(plan.second, scale, UnsafePointer(scratch), y)
}

/// y[o, i] = the first k of the largest x[o, k, i]; the first NaN if there is one.
public func largestIndices(_ x: Span<Float>, outer: Int, count: Int, inner: Int, into y: inout MutableSpan<Float>, on processor: Processor) {
  precondition(x.count == outer * count * inner && y.count == outer * inner && count > 0)
  let chunks = (inner + 255) / 256, units = outer * chunks, each = max(1, 16_384 / max(1, count * min(inner, 256)))
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      processor.threads.forEach((units + each - 1) / each, (processor.kernels, x, y, count, inner, chunks, units, each)) { work, _, piece in
        let (kernels, x, y, count, inner, chunks, units, each) = work
        for unit in piece * each..<min(units, (piece + 1) * each) {
          let row = unit / chunks, column = unit % chunks * 256
          if inner == 1 {
            y[row] = Float(kernels.largestOfRow(x + row * count, count))
          } else {
            kernels.largestOfColumns(x + (row * count * inner + column), count, inner, min(256, inner - column), y + (row * inner + column))
          }
        }
      }
    }
  }
}
