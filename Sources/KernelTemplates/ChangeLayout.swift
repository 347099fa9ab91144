/// Copies one block of channels of one picture from one layout to another; the border becomes zeros. Channels that `from`
/// does not have become zeros, or what stands in their place if both layouts have as many lanes.
///
/// - Parameters:
///   - block: the number of the block in `to`.
///   - x, y: the picture's first floats.
@inlinable @inline(__always)
public func changeLayout<V: Lanes>(
  _: V.Type, from: FeatureMaps, to: FeatureMaps, block: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
) {
  let target = y + block &* to.blockStride
  clearBorder(V.self, to, target)
  let lanes = to.layout.lanes
  if lanes == from.layout.lanes {
    var source = x + (block &* from.blockStride &+ from.origin), row = target + to.origin
    for _ in 0..<to.height {
      copyFloats(V.self, source, row, count: to.width &* lanes)
      source += from.rowStride
      row += to.rowStride
    }
    return
  }
  for lane in 0..<lanes {
    let channel = block &* lanes &+ lane
    var row = target + (to.origin &+ lane)
    guard channel < from.channels else {
      for _ in 0..<to.height {
        for column in 0..<to.width { row[column &* lanes] = 0 }
        row += to.rowStride
      }
      continue
    }
    let step = from.layout.lanes
    var source = x + (channel / step &* from.blockStride &+ from.origin &+ channel % step)
    for _ in 0..<to.height {
      for column in 0..<to.width { row[column &* lanes] = source[column &* step] }
      row += to.rowStride
      source += from.rowStride
    }
  }
}
