/// What a reduction makes of many numbers.
@frozen public enum Reduction: String, Sendable, Hashable, CaseIterable {
  case sum, mean, max, min
}

/// Σ_i x[i], compensated in four sums a lane, these summed in double precision.
@inlinable @inline(__always)
public func sumRow<V: Lanes>(_: V.Type, _ x: UnsafePointer<Float>, count: Int) -> Double {
  var sums = InlineArray<4, V>(repeating: V.zero), lost = InlineArray<4, V>(repeating: V.zero)
  var index = 0
  while index &+ 4 &* V.count <= count {
    for k in 0..<4 { addCompensated(&sums[unchecked: k], &lost[unchecked: k], V.load(x + (index &+ k &* V.count))) }
    index &+= 4 &* V.count
  }
  while index &+ V.count <= count {
    addCompensated(&sums[unchecked: 0], &lost[unchecked: 0], V.load(x + index))
    index &+= V.count
  }
  var sum = sumOfLanes(&sums, &lost)
  while index < count {
    sum += Double(x[index])
    index &+= 1
  }
  return sum
}

/// max_i (sign · x[i]) · sign: the largest or the smallest number, NaN if there is one. At least one number.
@inlinable @inline(__always)
public func extremeOfRow<V: Lanes>(_: V.Type, sign: Float, _ x: UnsafePointer<Float>, count: Int) -> Float {
  let signs = V(repeating: sign)
  var first = V(repeating: -.infinity), second = first
  var index = 0
  while index &+ 2 &* V.count <= count {
    first = V.maximum(V.load(x + index) * signs, first)
    second = V.maximum(V.load(x + (index &+ V.count)) * signs, second)
    index &+= 2 &* V.count
  }
  var most = withUnsafeTemporaryAllocation(of: Float.self, capacity: V.count) { lanes in
    let lanes = lanes.baseAddress.unsafelyUnwrapped
    V.maximum(first, second).store(lanes)
    // Halves against each other: fewer comparisons wait for one another.
    var width = V.count / 2
    while width > 0 {
      for lane in 0..<width { lanes[lane] = maximum(lanes[lane], lanes[lane &+ width]) }
      width /= 2
    }
    return lanes[0]
  }
  while index < count {
    most = maximum(x[index] * sign, most)
    index &+= 1
  }
  return most * sign
}

/// y[j] = scale · Σ_i x[i · stride + j] for j < width.
@inlinable @inline(__always)
public func sumColumns<V: Lanes>(
  _: V.Type, _ x: UnsafePointer<Float>, count: Int, stride: Int, width: Int, scale: Float, _ y: UnsafeMutablePointer<Float>
) {
  let scale = V(repeating: scale)
  var column = 0
  while column &+ 4 &* V.count <= width {
    var sums = InlineArray<4, V>(repeating: V.zero), lost = InlineArray<4, V>(repeating: V.zero)
    for i in 0..<count {
      for k in 0..<4 { addCompensated(&sums[unchecked: k], &lost[unchecked: k], V.load(x + (i &* stride &+ column &+ k &* V.count))) }
    }
    for k in 0..<4 { (scale * (sums[unchecked: k] - lost[unchecked: k])).store(y + (column &+ k &* V.count)) }
    column &+= 4 &* V.count
  }
  while column < width {
    let left = min(V.count, width &- column)
    var sum = V.zero, lost = V.zero
    for i in 0..<count {
      let source = x + (i &* stride &+ column)
      addCompensated(&sum, &lost, left == V.count ? V.load(source) : V.load(source, first: left))
    }
    if left == V.count { (scale * (sum - lost)).store(y + column) } else { (scale * (sum - lost)).store(y + column, first: left) }
    column &+= left
  }
}

/// y[j] = max_i (sign · x[i · stride + j]) · sign for j < width, NaN if there is one.
@inlinable @inline(__always)
public func extremeOfColumns<V: Lanes>(
  _: V.Type, sign: Float, _ x: UnsafePointer<Float>, count: Int, stride: Int, width: Int, _ y: UnsafeMutablePointer<Float>
) {
  let signs = V(repeating: sign)
  var column = 0
  while column < width {
    let left = min(V.count, width &- column)
    var most = V(repeating: -.infinity)
    for i in 0..<count {
      let source = x + (i &* stride &+ column)
      most = V.maximum((left == V.count ? V.load(source) : V.load(source, first: left)) * signs, most)
    }
    if left == V.count { (most * signs).store(y + column) } else { (most * signs).store(y + column, first: left) }
    column &+= left
  }
}

/// y[j] = the first i of the largest x[i · stride + j], for j < width; the first NaN if there is one.
@inlinable @inline(__always)
public func largestOfColumns<V: Lanes>(
  _: V.Type, _ x: UnsafePointer<Float>, count: Int, stride: Int, width: Int, _ y: UnsafeMutablePointer<Float>
) {
  let one = V(repeating: 1)
  var column = 0
  while column < width {
    let left = min(V.count, width &- column)
    var most = V(repeating: -.infinity), place = V.zero, isNumber = one
    for i in 0..<count {
      let source = x + (i &* stride &+ column), value = left == V.count ? V.load(source) : V.load(source, first: left)
      let index = V(repeating: Float(i))
      // After the first NaN nothing is larger.
      let better = V.select(number: value, V.select(most, lessThan: value, index, else: place), else: index)
      place = V.select(V.zero, lessThan: isNumber, better, else: place)
      most = V.max(value, most)
      isNumber = V.select(number: value, isNumber, else: V.zero)
    }
    if left == V.count { place.store(y + column) } else { place.store(y + column, first: left) }
    column &+= left
  }
}

/// The first i of the largest x[i]; the first NaN if there is one. At least one number.
@inlinable @inline(__always)
public func largestOfRow<V: Lanes>(_: V.Type, _ x: UnsafePointer<Float>, count: Int) -> Int {
  // First how large, then in which piece, then where: comparisons of vectors without a branch for each number.
  let most = extremeOfRow(V.self, sign: 1, x, count: count), piece = 16 &* V.count
  var start = 0
  while start &+ piece < count {
    let here = extremeOfRow(V.self, sign: 1, x + start, count: piece)
    if here == most || here != here { break }
    start &+= piece
  }
  for index in start..<count where x[index] == most || x[index] != x[index] { return index }
  return 0
}

/// What compensated sums come to, all lanes together.
@inlinable @inline(__always)
func sumOfLanes<V: Lanes, let sums: Int>(_ sum: inout InlineArray<sums, V>, _ lost: inout InlineArray<sums, V>) -> Double {
  for k in 1..<sums {
    addCompensated(&sum[unchecked: 0], &lost[unchecked: 0], sum[unchecked: k])
    addCompensated(&sum[unchecked: 0], &lost[unchecked: 0], V.zero - lost[unchecked: k])
  }
  return withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 &* V.count) { lanes in
    let lanes = lanes.baseAddress.unsafelyUnwrapped
    sum[unchecked: 0].store(lanes)
    lost[unchecked: 0].store(lanes + V.count)
    var s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0, lane = 0
    while lane < V.count {
      s0 += Double(lanes[lane]) - Double(lanes[lane &+ V.count])
      s1 += Double(lanes[lane &+ 1]) - Double(lanes[lane &+ V.count &+ 1])
      s2 += Double(lanes[lane &+ 2]) - Double(lanes[lane &+ V.count &+ 2])
      s3 += Double(lanes[lane &+ 3]) - Double(lanes[lane &+ V.count &+ 3])
      lane &+= 4
    }
    return (s0 + s1) + (s2 + s3)
  }
}
