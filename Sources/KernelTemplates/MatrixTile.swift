/// C[r, j] = S[r, j] + Σ_k A[r, k] · B[k, j] for `rows` rows and two vectors of columns: the heart of every matrix product.
///
/// `a` is [segments][rows][V], a segment being one vector of depth, so that each number lies at a constant place and is repeated from memory; of the segment
/// after the last, `tail` numbers of depth count. `b` holds two vectors a row, rows `bStride` apart. Sums begin with the rows of `start`, which may be `c`
/// (to add to it), one row of biases (stride 0) or zeros: each sum is one chain of fused operations in the order of k, however the depth is cut.
///
/// `next` is where the next tile's result will be: it is brought into the cache meanwhile, or each tile would begin by waiting for it. So are two lines of
/// `ahead` for each segment, a part of the columns that are multiplied later.
@inlinable @inline(__always)
func matrixTile<V: Lanes, let rows: Int>(
  _: V.Type, _: InlineArray<rows, Bool>.Type, segments: Int, tail: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, bStride: Int,
  start: UnsafePointer<Float>, startStride: Int, _ c: UnsafeMutablePointer<Float>, cStride: Int, next: UnsafePointer<Float>, ahead: UnsafePointer<Float>
) {
  var left = InlineArray<rows, V>(repeating: V.zero), right = InlineArray<rows, V>(repeating: V.zero)
  for r in 0..<rows {
    left[unchecked: r] = V.load(start + r &* startStride)
    right[unchecked: r] = V.load(start + (r &* startStride &+ V.count))
  }
  var a = a, b = b, next = next, ahead = ahead
  for _ in 0..<segments {
    V.prefetch(next)
    V.prefetch(next + V.count)
    next += cStride
    V.prefetch(ahead)
    V.prefetch(ahead + V.count)
    ahead += 2 &* V.count
    for k in 0..<V.count {
      let b0 = V.load(b), b1 = V.load(b + V.count)
      for r in 0..<rows {
        let x = V(repeating: a[r &* V.count &+ k])
        left[unchecked: r] = V.multiplyAdd(x, b0, left[unchecked: r])
        right[unchecked: r] = V.multiplyAdd(x, b1, right[unchecked: r])
      }
      b += bStride
    }
    a += rows &* V.count
  }
  for k in 0..<tail {
    let b0 = V.load(b), b1 = V.load(b + V.count)
    for r in 0..<rows {
      let x = V(repeating: a[r &* V.count &+ k])
      left[unchecked: r] = V.multiplyAdd(x, b0, left[unchecked: r])
      right[unchecked: r] = V.multiplyAdd(x, b1, right[unchecked: r])
    }
    b += bStride
  }
  for r in 0..<rows {
    left[unchecked: r].store(c + r &* cStride)
    right[unchecked: r].store(c + (r &* cStride &+ V.count))
  }
}

/// Chooses the tile with the given number of rows: each is compiled for itself, so that its accumulators are registers; those beyond what the registers
/// hold, not at all.
@inlinable @inline(__always)
func matrixTile<V: Lanes>(
  _: V.Type, rows: Int, segments: Int, tail: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, bStride: Int,
  start: UnsafePointer<Float>, startStride: Int, _ c: UnsafeMutablePointer<Float>, cStride: Int, next: UnsafePointer<Float>, ahead: UnsafePointer<Float>
) {
  @inline(__always) func tile<let count: Int>(_ count: InlineArray<count, Bool>.Type) {
    matrixTile(
      V.self, count, segments: segments, tail: tail, a, b, bStride: bStride, start: start, startStride: startStride, c, cStride: cStride,
      next: next, ahead: ahead)
  }
  switch rows {
  case 1: tile(InlineArray<1, Bool>.self)
  case 2: tile(InlineArray<2, Bool>.self)
  case 3: tile(InlineArray<3, Bool>.self)
  case 4: tile(InlineArray<4, Bool>.self)
  case 5 where V.tileRows >= 5: tile(InlineArray<5, Bool>.self)
  case 6 where V.tileRows >= 6: tile(InlineArray<6, Bool>.self)
  case 7 where V.tileRows >= 7: tile(InlineArray<7, Bool>.self)
  case 8 where V.tileRows >= 8: tile(InlineArray<8, Bool>.self)
  case 9 where V.tileRows >= 9: tile(InlineArray<9, Bool>.self)
  case 10 where V.tileRows >= 10: tile(InlineArray<10, Bool>.self)
  case 11 where V.tileRows >= 11: tile(InlineArray<11, Bool>.self)
  case 12 where V.tileRows >= 12: tile(InlineArray<12, Bool>.self)
  case 13 where V.tileRows >= 13: tile(InlineArray<13, Bool>.self)
  case 14 where V.tileRows >= 14: tile(InlineArray<14, Bool>.self)
  default: break
  }
}
