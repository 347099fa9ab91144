/// y[i] = e^(s · (x[i] − max)) / Σ_j e^(s · (x[j] − max)) for `count` floats in a row. `y` may be `x`.
///
/// Subtracting the largest changes nothing in the quotient and keeps the exponentials from overflowing. The sum is compensated.
@inlinable @inline(__always)
public func softmaxRow<V: Lanes>(_: V.Type, scale: Float, _ x: UnsafePointer<Float>, count: Int, _ y: UnsafeMutablePointer<Float>) {
  let most = V(repeating: extremeOfRow(V.self, sign: 1, x, count: count)), factor = V(repeating: scale)
  var sums = InlineArray<2, V>(repeating: V.zero), lost = InlineArray<2, V>(repeating: V.zero), index = 0
  while index &+ 2 &* V.count <= count {
    for k in 0..<2 {
      let place = index &+ k &* V.count, power = exponential((V.load(x + place) - most) * factor)
      power.store(y + place)
      addCompensated(&sums[unchecked: k], &lost[unchecked: k], power)
    }
    index &+= 2 &* V.count
  }
  if index &+ V.count <= count {
    let power = exponential((V.load(x + index) - most) * factor)
    power.store(y + index)
    addCompensated(&sums[unchecked: 0], &lost[unchecked: 0], power)
    index &+= V.count
  }
  var total = sumOfLanes(&sums, &lost)
  if index < count {
    let left = count &- index
    exponential((V.load(x + index, first: left) - most) * factor).store(y + index, first: left)
    for i in index..<count { total += Double(y[i]) }
  }
  scaleAndShift(V.self, scale: Float(1 / total), shift: 0, UnsafePointer(y), y, count: count)
}

/// The same along `count` floats that lie `stride` apart, for `width` of them side by side.
@inlinable @inline(__always)
public func softmaxColumns<V: Lanes>(
  _: V.Type, scale: Float, _ x: UnsafePointer<Float>, count: Int, stride: Int, width: Int, _ y: UnsafeMutablePointer<Float>
) {
  let factor = V(repeating: scale), one = V(repeating: 1)
  var column = 0
  while column < width {
    let left = min(V.count, width &- column), isWhole = left == V.count
    var most = V(repeating: -.infinity)
    for i in 0..<count {
      let source = x + (i &* stride &+ column)
      most = V.maximum(isWhole ? V.load(source) : V.load(source, first: left), most)
    }
    var sum = V.zero, lost = V.zero
    for i in 0..<count {
      let source = x + (i &* stride &+ column), target = y + (i &* stride &+ column)
      let power = exponential(((isWhole ? V.load(source) : V.load(source, first: left)) - most) * factor)
      addCompensated(&sum, &lost, power)
      if isWhole { power.store(target) } else { power.store(target, first: left) }
    }
    let share = one / (sum - lost)
    for i in 0..<count {
      let target = y + (i &* stride &+ column)
      if isWhole { (share * V.load(target)).store(target) } else { (share * V.load(target, first: left)).store(target, first: left) }
    }
    column &+= left
  }
}
