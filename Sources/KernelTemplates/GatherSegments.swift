/// Copies the pixels that a tile of a strided convolution reads side by side: [segments][capacity][lanes], of which the first `pixels` are written.
///
/// - Parameters:
///   - x: the first pixel of the first segment; further ones lie `step` floats apart, segments at `offsets`.
///   - lanes: 1 or V.
@inlinable @inline(__always)
public func gatherSegments<V: Lanes>(
  _: V.Type, _ x: UnsafePointer<Float>, step: Int, pixels: Int, capacity: Int, offsets: UnsafePointer<Int>, segments: Int, lanes: Int,
  _ gathered: UnsafeMutablePointer<Float>
) {
  for segment in 0..<segments {
    let source = x + offsets[segment], target = gathered + segment &* capacity &* lanes
    if lanes == V.count {
      for pixel in 0..<pixels { V.load(source + pixel &* step).store(target + pixel &* V.count) }
    } else {
      for pixel in 0..<pixels { target[pixel] = source[pixel &* step] }
    }
  }
}

/// Copies pixels of any places side by side: [segments][capacity][V], of which the first `pixels` are written.
///
/// - Parameters:
///   - x: pixel p of segment s lies at `x + places[p] + offsets[s]`.
@inlinable @inline(__always)
public func gatherPixels<V: Lanes>(
  _: V.Type, _ x: UnsafePointer<Float>, places: UnsafePointer<Int>, pixels: Int, capacity: Int, offsets: UnsafePointer<Int>, segments: Int,
  _ gathered: UnsafeMutablePointer<Float>
) {
  for segment in 0..<segments {
    let source = x + offsets[segment], target = gathered + segment &* capacity &* V.count
    for pixel in 0..<pixels { V.load(source + places[pixel]).store(target + pixel &* V.count) }
  }
}

/// Copies pixels that lie side by side to any places: the reverse of ``gatherPixels(_:_:places:pixels:capacity:offsets:segments:_:)`` for one segment.
@inlinable @inline(__always)
public func scatterPixels<V: Lanes>(
  _: V.Type, _ x: UnsafePointer<Float>, pixels: Int, _ y: UnsafeMutablePointer<Float>, places: UnsafePointer<Int>
) {
  for pixel in 0..<pixels { V.load(x + pixel &* V.count).store(y + places[pixel]) }
}

/// y[p] = max(a[2p], a[2p + 1], b[2p], b[2p + 1]) for pixels of one vector: two rows pooled to one.
@inlinable @inline(__always)
public func poolRowPair<V: Lanes>(
  _: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, width: Int
) {
  for pixel in 0..<width {
    let above = a + 2 &* pixel &* V.count, below = b + 2 &* pixel &* V.count
    V.maximum(V.maximum(V.load(above), V.load(above + V.count)), V.maximum(V.load(below), V.load(below + V.count))).store(y + pixel &* V.count)
  }
}
