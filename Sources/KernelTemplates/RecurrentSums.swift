/// s[g, r, :] = start[g, :] + Σ_k A[g, r, k] · B[g, k, :] for two vectors of units of every gate: what one step of a recurrent layer multiplies.
///
/// `a` is [depth in vectors][rows][V], as tiles read it, one every `aGateStep` floats (0 where the gates see the same state); `b` is [depth][2 V] each,
/// `bGateStep` apart; `start` is [2 V] each, `startStep` apart, or nil for zeros. `sums` is [gates][rows][2 V]. Few rows are multiplied with all gates at once,
/// since the sums of one gate alone would wait for each other.
@inlinable @inline(__always)
func gateSums<V: Lanes, let gates: Int>(
  _: V.Type, _ count: InlineArray<gates, Bool>.Type, rows: Int, depth: Int, _ a: UnsafePointer<Float>, aGateStep: Int, _ b: UnsafePointer<Float>,
  bGateStep: Int, start: UnsafePointer<Float>, startStep: Int, into sums: UnsafeMutablePointer<Float>
) {
  let segments = depth / V.count, tail = depth &- segments &* V.count
  switch rows {
  case 1:
    gateTile(
      V.self, InlineArray<1, Bool>.self, count, segments, tail, a, aGateStep: aGateStep, b, bGateStep: bGateStep, start: start, startStep: startStep,
      into: sums)
  case 2 where V.tileRows > 6:
    gateTile(
      V.self, InlineArray<2, Bool>.self, count, segments, tail, a, aGateStep: aGateStep, b, bGateStep: bGateStep, start: start, startStep: startStep,
      into: sums)
  case 3 where V.tileRows > 6:
    gateTile(
      V.self, InlineArray<3, Bool>.self, count, segments, tail, a, aGateStep: aGateStep, b, bGateStep: bGateStep, start: start, startStep: startStep,
      into: sums)
  default:
    for g in 0..<gates {
      let target = sums + g &* rows &* 2 &* V.count
      matrixTile(
        V.self, rows: rows, segments: segments, tail: tail, a + g &* aGateStep, b + g &* bGateStep, bStride: 2 &* V.count,
        start: start + g &* startStep, startStride: 0, target, cStride: 2 &* V.count, next: UnsafePointer(target), ahead: start)
    }
  }
}

@inlinable @inline(__always)
func gateTile<V: Lanes, let rows: Int, let gates: Int>(
  _: V.Type, _: InlineArray<rows, Bool>.Type, _: InlineArray<gates, Bool>.Type, _ segments: Int, _ tail: Int, _ a: UnsafePointer<Float>,
  aGateStep: Int, _ b: UnsafePointer<Float>, bGateStep: Int, start: UnsafePointer<Float>, startStep: Int, into sums: UnsafeMutablePointer<Float>
) {
  var left = InlineArray<gates, InlineArray<rows, V>>(repeating: InlineArray(repeating: V.zero)), right = left
  for g in 0..<gates {
    for r in 0..<rows {
      left[unchecked: g][unchecked: r] = V.load(start + g &* startStep)
      right[unchecked: g][unchecked: r] = V.load(start + (g &* startStep &+ V.count))
    }
  }
  var a = a, b = b
  for segment in 0..<segments &+ (tail > 0 ? 1 : 0) {
    for k in 0..<(segment < segments ? V.count : tail) {
      for g in 0..<gates {
        let b0 = V.load(b + g &* bGateStep), b1 = V.load(b + (g &* bGateStep &+ V.count))
        for r in 0..<rows {
          let x = V(repeating: a[g &* aGateStep &+ r &* V.count &+ k])
          left[unchecked: g][unchecked: r] = V.multiplyAdd(x, b0, left[unchecked: g][unchecked: r])
          right[unchecked: g][unchecked: r] = V.multiplyAdd(x, b1, right[unchecked: g][unchecked: r])
        }
      }
      b += 2 &* V.count
    }
    a += rows &* V.count
  }
  for g in 0..<gates {
    for r in 0..<rows {
      left[unchecked: g][unchecked: r].store(sums + (g &* rows &+ r) &* 2 &* V.count)
      right[unchecked: g][unchecked: r].store(sums + ((g &* rows &+ r) &* 2 &+ 1) &* V.count)
    }
  }
}

extension Lanes {
  /// Reads a vector of which the first `count` floats are there, zeros after them.
  @inlinable @inline(__always) static func load(_ address: UnsafePointer<Float>, upTo count: Int) -> Self {
    count >= Self.count ? load(address) : load(address, first: count)
  }

  @inlinable @inline(__always) func store(_ address: UnsafeMutablePointer<Float>, upTo count: Int) {
    if count >= Self.count { store(address) } else { store(address, first: count) }
  }
}
