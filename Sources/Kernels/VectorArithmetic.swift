/// Vectors are cut into pieces of this length, whose results are joined in their order: the same bits for any number of threads.
private let vectorPieceLength = 8_192

func vectorPieces(_ count: Int) -> Int { (count + vectorPieceLength - 1) / vectorPieceLength }

func vectorPiece(_ piece: Int, of count: Int) -> Range<Int> {
  piece * vectorPieceLength..<min(count, (piece + 1) * vectorPieceLength)
}

/// Σ_i x[i] y[i], in double precision.
public func dotProduct(_ x: Span<Float>, _ y: Span<Float>, on processor: Processor) -> Double {
  precondition(x.count == y.count)
  struct Work {
    let x, y: UnsafePointer<Float>
    let count: Int
    let sums: UnsafeMutablePointer<Double>
  }
  let count = x.count
  return x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return 0 }
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: vectorPieces(count)) { sums in
        guard let first = sums.baseAddress else { return 0 }
        processor.threads.forEach(sums.count, Work(x: x, y: y, count: count, sums: first)) { work, _, piece in
          let range = vectorPiece(piece, of: work.count)
          work.sums[piece] = dotProduct(work.x + range.lowerBound, work.y + range.lowerBound, range.count)
        }
        return sums.reduce(0, +)
      }
    }
  }
}

private func dotProduct(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int) -> Double {
  var sums = SIMD8<Double>(repeating: 0), index = 0
  while index + 8 <= count {
    var a = SIMD8<Double>(), b = SIMD8<Double>()
    for lane in 0..<8 {
      a[lane] = Double(x[index + lane])
      b[lane] = Double(y[index + lane])
    }
    sums += a * b
    index += 8
  }
  var sum = sums.sum()
  while index < count {
    sum += Double(x[index]) * Double(y[index])
    index += 1
  }
  return sum
}

/// y ← y + a x
public func addScaled(_ a: Float, _ x: Span<Float>, to y: inout MutableSpan<Float>, on processor: Processor) {
  precondition(x.count == y.count)
  struct Work {
    let a: Float
    let x: UnsafePointer<Float>
    let y: UnsafeMutablePointer<Float>
    let count: Int
  }
  let count = x.count
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      processor.threads.forEach(vectorPieces(count), Work(a: a, x: x, y: y, count: count)) { work, _, piece in
        let (a, x, y) = (work.a, work.x, work.y)
        for index in vectorPiece(piece, of: work.count) { y[index] += a * x[index] }
      }
    }
  }
}

/// x ← min(max(a x, lower), upper); NaN stays.
public func scale(
  _ x: inout MutableSpan<Float>, by a: Float, clampedTo bounds: ClosedRange<Float> = -.infinity ... .infinity, on processor: Processor
) {
  struct Work {
    let a, lower, upper: Float
    let x: UnsafeMutablePointer<Float>
    let count: Int
  }
  let count = x.count
  x.withUnsafeMutableBufferPointer { x in
    guard let x = x.baseAddress else { return }
    let work = Work(a: a, lower: bounds.lowerBound, upper: bounds.upperBound, x: x, count: count)
    processor.threads.forEach(vectorPieces(count), work) { work, _, piece in
      let x = work.x, (a, lower, upper) = (work.a, work.lower, work.upper)
      for index in vectorPiece(piece, of: work.count) {
        var value = a * x[index]
        if value < lower { value = lower }
        if value > upper { value = upper }
        x[index] = value
      }
    }
  }
}
