/// y[i] = a[i] + b[i]; `y` may be `a` or `b`.
@inlinable @inline(__always)
public func add<V: Lanes>(
  _: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
) {
  combine(V.self, a, b, y, count) { $0 + $1 }
}

/// y[i] = a[i] · b[i]; `y` may be `a` or `b`.
@inlinable @inline(__always)
public func multiply<V: Lanes>(
  _: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
) {
  combine(V.self, a, b, y, count) { $0 * $1 }
}

@inlinable @inline(__always)
func combine<V: Lanes>(
  _: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int, _ body: (V, V) -> V
) {
  var index = 0
  while index &+ V.count <= count {
    body(V.load(a + index), V.load(b + index)).store(y + index)
    index &+= V.count
  }
  if index < count {
    let left = count &- index
    body(V.load(a + index, first: left), V.load(b + index, first: left)).store(y + index, first: left)
  }
}

/// y[i] = scale · x[i] + shift; `y` may be `x`.
@inlinable @inline(__always)
public func scaleAndShift<V: Lanes>(
  _: V.Type, scale: Float, shift: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
) {
  let scale = V(repeating: scale), shift = V(repeating: shift)
  map(V.self, 0, x, y, count) { V.multiplyAdd(scale, $0, shift) }
}

/// Σ_i a[i] · b[i], in four partial sums a lane.
@inlinable @inline(__always)
public func dotProduct<V: Lanes>(_: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
  var s0 = V.zero, s1 = V.zero, s2 = V.zero, s3 = V.zero
  var index = 0
  while index &+ 4 &* V.count <= count {
    s0 = V.multiplyAdd(V.load(a + index), V.load(b + index), s0)
    s1 = V.multiplyAdd(V.load(a + index + V.count), V.load(b + index + V.count), s1)
    s2 = V.multiplyAdd(V.load(a + index + 2 &* V.count), V.load(b + index + 2 &* V.count), s2)
    s3 = V.multiplyAdd(V.load(a + index + 3 &* V.count), V.load(b + index + 3 &* V.count), s3)
    index &+= 4 &* V.count
  }
  while index &+ V.count <= count {
    s0 = V.multiplyAdd(V.load(a + index), V.load(b + index), s0)
    index &+= V.count
  }
  if index < count {
    let left = count &- index
    s1 = V.multiplyAdd(V.load(a + index, first: left), V.load(b + index, first: left), s1)
  }
  let sums = (s0 + s1) + (s2 + s3)
  return withUnsafeTemporaryAllocation(of: Float.self, capacity: V.count) { lanes in
    let lanes = lanes.baseAddress.unsafelyUnwrapped
    sums.store(lanes)
    var sum: Float = 0
    for lane in 0..<V.count { sum += lanes[lane] }
    return sum
  }
}

/// y[p, lane] = scale[lane] · x[p, lane] + shift[lane] for `count` floats, whole pixels of V channels; without `shift` that is 0. `y` may be `x`.
@inlinable @inline(__always)
public func scaleAndShiftLanes<V: Lanes>(
  _: V.Type, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>?, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
) {
  let scale = V.load(scale), shift = if let shift { V.load(shift) } else { V.zero }
  var index = 0
  while index < count {
    V.multiplyAdd(scale, V.load(x + index), shift).store(y + index)
    index &+= V.count
  }
}
