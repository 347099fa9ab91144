/// Where a pixel of a resized row comes from: pixels `first` and `second` of the old row, with weight 1 − `weight` and `weight`.
@frozen public struct ResizeTap: Sendable, Hashable {
  public var first, second: Int32
  public var weight: Float

  @inlinable public init(first: Int, second: Int, weight: Float) {
    self.first = Int32(first)
    self.second = Int32(second)
    self.weight = weight
  }
}

/// y[j] = (1 − w) · row[taps[j].first] + w · row[taps[j].second] with row = (1 − weight) · above + weight · below, a pixel of `lanes` floats, 1 or V.
@inlinable @inline(__always)
public func resizeRow<V: Lanes>(
  _: V.Type, above: UnsafePointer<Float>, below: UnsafePointer<Float>, weight: Float, taps: UnsafePointer<ResizeTap>, count: Int, lanes: Int,
  _ y: UnsafeMutablePointer<Float>
) {
  if lanes == V.count {
    let vertical = V(repeating: weight)
    for j in 0..<count {
      let tap = taps[j], first = Int(tap.first) &* V.count, second = Int(tap.second) &* V.count
      if above == below && first == second {
        V.load(above + first).store(y + j &* V.count)
        continue
      }
      let left = mix(V.load(above + first), V.load(below + first), vertical)
      let right = mix(V.load(above + second), V.load(below + second), vertical)
      mix(left, right, V(repeating: tap.weight)).store(y + j &* V.count)
    }
  } else {
    for j in 0..<count {
      let tap = taps[j], first = Int(tap.first), second = Int(tap.second)
      let left = above[first] + weight * (below[first] - above[first]), right = above[second] + weight * (below[second] - above[second])
      y[j] = left + tap.weight * (right - left)
    }
  }
}

/// (1 − t) · a + t · b
@inlinable @inline(__always)
func mix<V: Lanes>(_ a: V, _ b: V, _ t: V) -> V { V.multiplyAdd(t, b - a, a) }
