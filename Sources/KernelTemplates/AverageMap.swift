/// Adds x to a sum that consists of a rounded sum and what rounding took from it (Kahan 1965): the error does not grow with the number of terms.
@inlinable @inline(__always)
func addCompensated<V: Lanes>(_ sum: inout V, _ lost: inout V, _ x: V) {
  let term = x - lost, new = sum + term
  lost = (new - sum) - term
  sum = new
}

/// y[lane] = mean over the pixels of one block of channels. `x` is the first pixel, rows lie `rowStep` floats apart.
///
/// Four compensated sums, since one addition waits for the one before.
@inlinable @inline(__always)
public func averageBlock<V: Lanes>(
  _: V.Type, _ x: UnsafePointer<Float>, rowStep: Int, height: Int, width: Int, _ y: UnsafeMutablePointer<Float>
) {
  var sums = InlineArray<4, V>(repeating: V.zero), lost = InlineArray<4, V>(repeating: V.zero)
  for row in 0..<height {
    let line = x + row &* rowStep
    var column = 0
    while column &+ 4 <= width {
      for k in 0..<4 { addCompensated(&sums[unchecked: k], &lost[unchecked: k], V.load(line + (column &+ k) &* V.count)) }
      column &+= 4
    }
    while column < width {
      addCompensated(&sums[unchecked: 0], &lost[unchecked: 0], V.load(line + column &* V.count))
      column &+= 1
    }
  }
  for k in 1..<4 {
    addCompensated(&sums[unchecked: 0], &lost[unchecked: 0], sums[unchecked: k])
    addCompensated(&sums[unchecked: 0], &lost[unchecked: 0], V.zero - lost[unchecked: k])
  }
  (sums[unchecked: 0] * V(repeating: 1 / Float(height &* width))).store(y)
}

/// The mean of one plain map, summed in double precision.
@inlinable @inline(__always)
public func averageMap<V: Lanes>(_: V.Type, _ x: UnsafePointer<Float>, rowStep: Int, height: Int, width: Int) -> Float {
  var sum = 0.0
  for row in 0..<height {
    for column in 0..<width { sum += Double(x[row &* rowStep &+ column]) }
  }
  return Float(sum / Double(height &* width))
}
