/// C[h, r, :] = Σ_s,k A[s, r, k] · B[s, k, h, :] for `rows` rows and two vectors of columns (h = 0, 1): a matrix product whose left operand lies in segments
/// of one vector of depth each, as blocked feature maps do.
///
/// `a` begins at row 0 of segment 0; rows lie a vector apart and segments `segmentStride` floats. `b` is [segments · vector][2 vectors]. Row r of half h of the
/// result goes to `c + h · halfStride + r` vectors.
@inlinable @inline(__always)
func multiplySegmentsTile<V: Lanes, let rows: Int>(
  _: V.Type, _: InlineArray<rows, Bool>.Type, segments: Int, _ a: UnsafePointer<Float>, segmentStride: Int, _ b: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, halfStride: Int
) {
  var left = InlineArray<rows, V>(repeating: V.zero), right = InlineArray<rows, V>(repeating: V.zero)
  var a = a, b = b
  for _ in 0..<segments {
    for k in 0..<V.count {
      let b0 = V.load(b), b1 = V.load(b + V.count)
      for r in 0..<rows {
        let s = V(repeating: a[r &* V.count &+ k])
        left[unchecked: r] = V.multiplyAdd(s, b0, left[unchecked: r])
        right[unchecked: r] = V.multiplyAdd(s, b1, right[unchecked: r])
      }
      b += 2 &* V.count
    }
    a += segmentStride
  }
  for r in 0..<rows {
    left[unchecked: r].store(c + r &* V.count)
    right[unchecked: r].store(c + halfStride + r &* V.count)
  }
}

/// Chooses the tile with the given number of rows: each is compiled for itself, so that its accumulators are registers.
@inlinable @inline(__always)
func multiplySegments<V: Lanes>(
  _: V.Type, _ rows: Int, _ segments: Int, _ a: UnsafePointer<Float>, _ segmentStride: Int, _ b: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ halfStride: Int
) {
  switch rows {
  case 1: multiplySegmentsTile(V.self, InlineArray<1, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  case 2: multiplySegmentsTile(V.self, InlineArray<2, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  case 3: multiplySegmentsTile(V.self, InlineArray<3, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  case 4: multiplySegmentsTile(V.self, InlineArray<4, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  case 5: multiplySegmentsTile(V.self, InlineArray<5, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  case 6: multiplySegmentsTile(V.self, InlineArray<6, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  case 7: multiplySegmentsTile(V.self, InlineArray<7, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  case 8: multiplySegmentsTile(V.self, InlineArray<8, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  case 9: multiplySegmentsTile(V.self, InlineArray<9, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  case 10: multiplySegmentsTile(V.self, InlineArray<10, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  case 11: multiplySegmentsTile(V.self, InlineArray<11, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  default: multiplySegmentsTile(V.self, InlineArray<12, Bool>.self, segments: segments, a, segmentStride: segmentStride, b, c, halfStride: halfStride)
  }
}
