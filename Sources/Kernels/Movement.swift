/// y[m, i·factor + u, j·factor + v] = scale · x[m, i, j] for u, v < factor: each pixel of each map repeated.
public func upsample(
  _ x: Span<Float>, maps: Int, height: Int, width: Int, factor: Int, scale: Float, into y: inout MutableSpan<Float>, on processor: Processor
) {
  precondition(x.count == maps * height * width && y.count == x.count * factor * factor)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      processor.threads.forEach(maps, (x, y, height, width, factor, scale)) { work, _, map in
        let (x, y, height, width, factor, scale) = work
        for i in 0..<height {
          let first = (map * height + i) * factor * width * factor
          for j in 0..<width {
            let value = scale * x[(map * height + i) * width + j]
            for v in 0..<factor { y[first + j * factor + v] = value }
          }
          for u in 1..<max(factor, 1) {
            for j in 0..<width * factor { y[first + u * width * factor + j] = y[first + j] }
          }
        }
      }
    }
  }
}

/// Copies `count` floats from `x`, beginning at `source`, to `y`, beginning at `target`.
public func copy(_ x: Span<Float>, from source: Int, count: Int, into y: inout MutableSpan<Float>, at target: Int) {
  precondition(source >= 0 && target >= 0 && count >= 0 && source + count <= x.count && target + count <= y.count)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      (y + target).update(from: x + source, count: count)
    }
  }
}

/// Darknet's rearrangement of each picture's maps in blocks of `stride`²: see `SpaceToDepth` of Graphs for the formula. `reversed` is its inverse.
public func spaceToDepth(
  _ x: Span<Float>, batch: Int, channels: Int, height: Int, width: Int, stride: Int, reversed: Bool, into y: inout MutableSpan<Float>
) {
  let count = channels * height * width
  precondition(x.count == batch * count && y.count == x.count)
  let blockChannels = channels / (stride * stride)
  for image in 0..<batch {
    for c in 0..<channels {
      let block = c / blockChannels, map = c % blockChannels
      for i in 0..<height {
        for j in 0..<width {
          let plain = image * count + (c * height + i) * width + j
          let row = map * height * stride + i * stride + block / stride
          let blocked = image * count + row * width * stride + j * stride + block % stride
          if reversed { y[blocked] = x[plain] } else { y[plain] = x[blocked] }
        }
      }
    }
  }
}
