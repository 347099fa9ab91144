/// C[r, j] = (accumulating ? C[r, j] : 0) + Σ_k A[k, r] · B[k, j] for `rows` rows and two vectors of columns: the heart of every matrix product.
///
/// `a` is packed as [depth][rows], `b` as [depth][2 vectors]; `stride` floats lie between rows of C. The accumulators stay in registers, so `rows` must be
/// a constant: at most 6 with 16 registers, 12 with 32.
@inlinable @inline(__always)
func multiplyTile<V: Lanes, let rows: Int>(
  _: V.Type, _: InlineArray<rows, Bool>.Type, depth: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, stride: Int, accumulating: Bool
) {
  var left = InlineArray<rows, V>(repeating: V.zero), right = InlineArray<rows, V>(repeating: V.zero)
  if accumulating {
    for r in 0..<rows {
      left[unchecked: r] = V.load(c + r &* stride)
      right[unchecked: r] = V.load(c + r &* stride + V.count)
    }
  }
  var a = a, b = b
  for _ in 0..<depth {
    let b0 = V.load(b), b1 = V.load(b + V.count)
    for r in 0..<rows {
      let s = V(repeating: a[r])
      left[unchecked: r] = V.multiplyAdd(s, b0, left[unchecked: r])
      right[unchecked: r] = V.multiplyAdd(s, b1, right[unchecked: r])
    }
    a += rows
    b += 2 &* V.count
  }
  for r in 0..<rows {
    left[unchecked: r].store(c + r &* stride)
    right[unchecked: r].store(c + r &* stride + V.count)
  }
}
