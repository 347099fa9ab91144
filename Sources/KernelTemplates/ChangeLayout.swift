/// Copies a group of channels of one picture from one layout to another, with zeros in the border and in channels that `from` does not have;
/// between layouts of as many lanes what stands in their place is copied.
///
/// - Parameters:
///   - group: as many channels as the layout of more lanes has in a block.
///   - x, y: the picture's first floats.
@inlinable @inline(__always)
public func changeLayout<V: Lanes>(
  _: V.Type, from: FeatureMaps, to: FeatureMaps, group: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
) {
  let lanes = max(from.layout.lanes, to.layout.lanes), first = group &* lanes, step = from.layout.lanes, width = to.layout.lanes
  for block in first / width..<min(to.blocks, (first &+ lanes) / width) { clearBorder(V.self, to, y + block &* to.blockStride) }
  // Row by row, so that all channels of a row are in the first-level cache.
  for row in 0..<to.height {
    if step == width {
      copyFloats(
        V.self, x + (group &* from.blockStride &+ from.origin &+ row &* from.rowStride),
        y + (group &* to.blockStride &+ to.origin &+ row &* to.rowStride), count: to.width &* lanes)
      continue
    }
    for channel in first..<first &+ lanes {
      guard channel / width < to.blocks else { break }
      let target = y + (channel / width &* to.blockStride &+ to.origin &+ row &* to.rowStride &+ channel % width)
      if channel < from.channels {
        let source = x + (channel / step &* from.blockStride &+ from.origin &+ row &* from.rowStride &+ channel % step)
        if width == 1 {
          gather(V.self, source, target, count: to.width)
        } else {
          for column in 0..<to.width { target[column &* V.count] = source[column] }
        }
      } else {
        for column in 0..<to.width { target[column &* width] = 0 }
      }
    }
  }
}

/// y[i] = x[i · V]
@inlinable @inline(__always)
func gather<V: Lanes>(_: V.Type, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int) {
  for index in 0..<count { y[index] = x[index &* V.count] }
}
