import Glibc

/// A function of one number, for losses and formulas; those that networks apply to their layers' results are ``Activation``.
public enum ElementaryFunction: Hashable, Sendable {
  /// e^x
  case exponential
  /// ln x
  case logarithm
  /// √x
  case squareRoot
  /// 1 / x
  case reciprocal
  /// |x|
  case magnitude
  /// x², the derivative of which is exact
  case square
  /// −1, 0 or 1
  case sign
  /// 1 where x > 0, else 0
  case isPositive
}

/// y = f(x), element by element. x and y lie alike.
public func elementary(_ function: ElementaryFunction, _ x: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
  forEachPiece(x, x, into: &y, function, on: processor) { function, x, _, y, count in
    switch function {
    case .exponential: for i in 0..<count { y[i] = expf(x[i]) }
    case .logarithm: for i in 0..<count { y[i] = logf(x[i]) }
    case .squareRoot: for i in 0..<count { y[i] = x[i].squareRoot() }
    case .reciprocal: for i in 0..<count { y[i] = 1 / x[i] }
    case .magnitude: for i in 0..<count { y[i] = x[i].magnitude }
    case .square: for i in 0..<count { y[i] = x[i] * x[i] }
    case .sign: for i in 0..<count { y[i] = x[i] > 0 ? 1 : x[i] < 0 ? -1 : x[i] }
    case .isPositive: for i in 0..<count { y[i] = x[i] > 0 ? 1 : 0 }
    }
  }
}

/// y = 1 where a = b, else 0, element by element. All lie alike.
public func equal(_ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
  forEachPiece(a, b, into: &y, 0, on: processor) { _, a, b, y, count in for i in 0..<count { y[i] = a[i] == b[i] ? 1 : 0 } }
}

/// Calls `body` with pieces of two operands and a result that lie alike, on all threads.
func forEachPiece<Context>(
  _ a: Span<Float>, _ b: Span<Float>, into y: inout MutableSpan<Float>, _ context: Context, on processor: Processor,
  _ body: @escaping (Context, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) -> Void
) {
  precondition(a.count == y.count && b.count == y.count)
  let piece = 8_192
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      y.withUnsafeMutableBufferPointer { y in
        guard let first = a.baseAddress, let second = b.baseAddress, let result = y.baseAddress else { return }
        let work = (context: context, body: body, a: first, b: second, y: result, count: y.count)
        processor.threads.forEach((y.count + piece - 1) / piece, work) { work, _, index in
          let start = index * 8_192
          work.body(work.context, work.a + start, work.b + start, work.y + start, min(8_192, work.count - start))
        }
      }
    }
  }
}
