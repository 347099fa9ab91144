/// Sums over the pixels of one picture's maps: what statistics of batch normalisation and their gradients, and gradients of biases, consist of.
@frozen public enum ChannelSum: Sendable, Hashable {
  /// Σ a
  case values
  /// Σ (a − center)²
  case squares
  /// Σ a · (b − center)
  case products
}

/// The operands of a sum over one block of channels: the first pixels of a and b, floats from one row of each to the next, and a center for each lane.
@frozen public struct ChannelSumOperands {
  public var a, b: UnsafePointer<Float>
  public var aRowStep, bRowStep: Int
  public var center: UnsafePointer<Float>
  public var height, width: Int

  @inlinable public init(
    a: UnsafePointer<Float>, aRowStep: Int, b: UnsafePointer<Float>, bRowStep: Int, center: UnsafePointer<Float>, height: Int, width: Int
  ) {
    self.a = a
    self.b = b
    self.aRowStep = aRowStep
    self.bRowStep = bRowStep
    self.center = center
    self.height = height
    self.width = width
  }
}

/// sums[lane] = the sum over one block of V channels; compensated.
@inlinable @inline(__always)
public func sumBlock<V: Lanes>(_: V.Type, _ kind: ChannelSum, _ p: ChannelSumOperands, _ sums: UnsafeMutablePointer<Float>) {
  let center = V.load(p.center)
  switch kind {
  case .values: sumPixels(V.self, p, sums) { a, _ in V.load(a) }
  case .squares:
    sumPixels(V.self, p, sums) { a, _ in
      let x = V.load(a) - center
      return x * x
    }
  case .products: sumPixels(V.self, p, sums) { a, b in V.load(a) * (V.load(b) - center) }
  }
}

@inlinable @inline(__always)
func sumPixels<V: Lanes>(
  _: V.Type, _ p: ChannelSumOperands, _ y: UnsafeMutablePointer<Float>, _ term: (UnsafePointer<Float>, UnsafePointer<Float>) -> V
) {
  var sums = InlineArray<4, V>(repeating: V.zero), lost = InlineArray<4, V>(repeating: V.zero)
  for row in 0..<p.height {
    let a = p.a + row &* p.aRowStep, b = p.b + row &* p.bRowStep
    var column = 0
    while column &+ 4 <= p.width {
      for k in 0..<4 {
        let place = (column &+ k) &* V.count
        addCompensated(&sums[unchecked: k], &lost[unchecked: k], term(a + place, b + place))
      }
      column &+= 4
    }
    while column < p.width {
      addCompensated(&sums[unchecked: 0], &lost[unchecked: 0], term(a + column &* V.count, b + column &* V.count))
      column &+= 1
    }
  }
  for k in 1..<4 {
    addCompensated(&sums[unchecked: 0], &lost[unchecked: 0], sums[unchecked: k])
    addCompensated(&sums[unchecked: 0], &lost[unchecked: 0], V.zero - lost[unchecked: k])
  }
  sums[unchecked: 0].store(y)
}

/// The sum over one plain map.
@inlinable @inline(__always)
public func sumMap<V: Lanes>(_: V.Type, _ kind: ChannelSum, _ p: ChannelSumOperands) -> Float {
  let center = p.center[0]
  // Without borders the map is one row.
  let isWhole = p.aRowStep == p.width && p.bRowStep == p.width, rows = isWhole ? 1 : p.height, count = isWhole ? p.height &* p.width : p.width
  var sum = 0.0
  for row in 0..<rows {
    let a = p.a + row &* p.aRowStep, b = p.b + row &* p.bRowStep
    switch kind {
    case .values: sum += sumRow(V.self, a, count: count)
    case .squares: sum += sumProductsRow(V.self, a, a, centers: (center, center), count: count)
    case .products: sum += sumProductsRow(V.self, a, b, centers: (0, center), count: count)
    }
  }
  return Float(sum)
}

/// y[p, c] = scale[c] · a[p, c] + slope[c] · (b[p, c] − center[c]) + shift[c] for `count` floats of a row: the channels of a block, or one channel alone if
/// `lanes` is 1. The four numbers of a channel lie `step` floats apart, beginning at `scale`: scale, slope, center, shift.
@inlinable @inline(__always)
public func combineChannels<V: Lanes>(
  _: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, factors: UnsafePointer<Float>, step: Int, lanes: Int,
  _ y: UnsafeMutablePointer<Float>, count: Int
) {
  func factor(_ k: Int) -> V { lanes == 1 ? V(repeating: factors[k &* step]) : V.load(factors + k &* step) }
  let scale = factor(0), slope = factor(1), center = factor(2), shift = factor(3)
  combine(V.self, a, b, y, count) { V.multiplyAdd(scale, $0, V.multiplyAdd(slope, $1 - center, shift)) }
}
