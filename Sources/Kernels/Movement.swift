import KernelTemplates

/// y[n, c, i·factor + u, j·factor + v] = scale · x[n, c, i, j] for u, v < factor: each pixel of each map repeated.
public func upsample(
  _ x: Span<Float>, from: FeatureMaps, factor: Int, scale: Float, into y: inout MutableSpan<Float>, to: FeatureMaps, on processor: Processor
) {
  precondition(x.count == from.count && y.count == to.count && from.layout.lanes == to.layout.lanes)
  precondition(from.batch == to.batch && from.channels == to.channels && to.height == from.height * factor && to.width == from.width * factor)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      let bands = MapBands(to)
      processor.threads.forEach(bands.count, (processor.kernels, from, to, bands, factor, scale, x, y)) { work, _, piece in
        let (kernels, from, to, bands, factor, scale, x, y) = work
        let (block, rows) = bands[piece], target = y + block * to.blockStride
        if rows.lowerBound == 0 { kernels.clearBorder(to, target) }
        for row in rows {
          let line = target + to.origin + row * to.rowStride
          if row > rows.lowerBound && row % factor > 0 {
            kernels.copyFloats(UnsafePointer(line - to.rowStride), line, to.width * to.layout.lanes)
          } else {
            let source = x + block * from.blockStride + from.origin + row / factor * from.rowStride
            kernels.repeatPixels(source, from.width, from.layout.lanes, factor, scale, line)
          }
        }
      }
    }
  }
}

/// y[n, target + b, …] = x[n, source + b, …] for b in 0..<count: blocks of channels, with the border that `to` wants around them.
public func copyBlocks(
  _ x: Span<Float>, from: FeatureMaps, at source: Int, count: Int, into y: inout MutableSpan<Float>, to: FeatureMaps, at target: Int,
  on processor: Processor
) {
  precondition(x.count == from.count && y.count == to.count && from.layout.lanes == to.layout.lanes && from.batch == to.batch)
  precondition(from.height == to.height && from.width == to.width)
  precondition(source >= 0 && target >= 0 && count >= 0 && source + count <= from.blocks && target + count <= to.blocks)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress, count > 0 else { return }
      let work = (processor.kernels, from, to, count, x + source * from.blockStride, y + target * to.blockStride)
      processor.threads.forEach(to.batch * count, work) { work, _, index in
        let (kernels, from, to, count, x, y) = work
        let image = index / count, block = index % count
        let source = x + image * from.imageStride + block * from.blockStride, target = y + image * to.imageStride + block * to.blockStride
        guard from.layout.border != to.layout.border else { return kernels.copyFloats(source, target, to.blockStride) }
        kernels.clearBorder(to, target)
        for row in 0..<to.height {
          kernels.copyFloats(
            source + from.origin + row * from.rowStride, target + to.origin + row * to.rowStride, to.width * to.layout.lanes)
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
