/// y[p, c] = x[c / V][p][c % V]: the channels of pixels of one row, which lie in blocks, one pixel after the other
///
/// - Parameters:
///   - x: the first pixel in the first block of channels.
///   - y: [pixels][channels].
@inlinable @inline(__always)
public func channelsLast<V: Lanes>(_: V.Type, _ maps: FeatureMaps, _ x: UnsafePointer<Float>, pixels: Int, _ y: UnsafeMutablePointer<Float>) {
  let whole = maps.channels / V.count, rest = maps.channels &- whole &* V.count
  for pixel in 0..<pixels {
    var source = x + pixel &* V.count, target = y + pixel &* maps.channels
    for _ in 0..<whole {
      V.load(source).store(target)
      source += maps.blockStride
      target += V.count
    }
    for lane in 0..<rest { target[lane] = source[lane] }
  }
}
