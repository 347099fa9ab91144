/// y[j · factor + v] = scale · x[j] for v < factor: each pixel of a row repeated; a pixel is `lanes` floats, 1 or V.
@inlinable @inline(__always)
public func repeatPixels<V: Lanes>(
  _: V.Type, _ x: UnsafePointer<Float>, width: Int, lanes: Int, factor: Int, scale: Float, _ y: UnsafeMutablePointer<Float>
) {
  if lanes == V.count {
    let scale = V(repeating: scale)
    for column in 0..<width {
      let pixel = scale * V.load(x + column &* V.count)
      let target = y + column &* factor &* V.count
      for v in 0..<factor { pixel.store(target + v &* V.count) }
    }
  } else {
    for column in 0..<width {
      let pixel = scale * x[column]
      for v in 0..<factor { y[column &* factor &+ v] = pixel }
    }
  }
}

/// y[i] = x[i]
@inlinable @inline(__always)
public func copyFloats<V: Lanes>(_: V.Type, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int) {
  var index = 0
  while index &+ V.count <= count {
    V.load(x + index).store(y + index)
    index &+= V.count
  }
  while index < count {
    y[index] = x[index]
    index &+= 1
  }
}
