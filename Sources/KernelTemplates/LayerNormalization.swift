/// y[i] = γ[i] · (x[i] − μ) / √(σ² + ε) + β[i] with the mean μ and the biased variance σ² of the `count` floats of a row. `y` may be `x`.
@inlinable @inline(__always)
public func normalizeRow<V: Lanes>(
  _: V.Type, _ x: UnsafePointer<Float>, gamma: UnsafePointer<Float>, beta: UnsafePointer<Float>, epsilon: Float, count: Int,
  _ y: UnsafeMutablePointer<Float>
) {
  // The mean in two floats: rounding it to one would show where it is much larger than the deviation.
  let exact = sumRow(V.self, x, count: count) / Double(count), mean = Float(exact), rest = V(repeating: Float(exact - Double(mean)))
  let deviation = sumProductsRow(V.self, x, x, centers: (mean, mean), count: count) / Double(count)
  let center = V(repeating: mean), scale = V(repeating: Float(1 / (deviation + Double(epsilon)).squareRoot()))
  var index = 0
  while index < count {
    let left = count &- index
    if left >= V.count {
      V.multiplyAdd((V.load(x + index) - center - rest) * scale, V.load(gamma + index), V.load(beta + index)).store(y + index)
    } else {
      V.multiplyAdd(
        (V.load(x + index, first: left) - center - rest) * scale, V.load(gamma + index, first: left), V.load(beta + index, first: left)
      ).store(y + index, first: left)
    }
    index &+= V.count
  }
}

/// Σ_i (a[i] − centers.0) · (b[i] − centers.1), compensated in two sums a lane.
@inlinable @inline(__always)
func sumProductsRow<V: Lanes>(
  _: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, centers: (Float, Float), count: Int
) -> Double {
  let c0 = V(repeating: centers.0), c1 = V(repeating: centers.1)
  var sums = InlineArray<2, V>(repeating: V.zero), lost = InlineArray<2, V>(repeating: V.zero)
  var index = 0
  while index &+ 2 &* V.count <= count {
    for k in 0..<2 {
      let place = index &+ k &* V.count
      addCompensated(&sums[unchecked: k], &lost[unchecked: k], (V.load(a + place) - c0) * (V.load(b + place) - c1))
    }
    index &+= 2 &* V.count
  }
  var sum = sumOfLanes(&sums, &lost)
  while index < count {
    sum += Double((a[index] - centers.0) * (b[index] - centers.1))
    index &+= 1
  }
  return sum
}
