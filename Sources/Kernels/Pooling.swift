import KernelTemplates

/// Pools each map of x by itself: see ``maxPool`` and ``averagePool`` of the templates.
///
/// - Parameters:
///   - geometry: the windows; the border of the maps is not seen by them.
///   - scratch: at least ``poolingScratchCount(_:threadCount:)`` floats.
public func pool(
  _ kind: PoolingKind, _ x: Span<Float>, from: FeatureMaps, geometry: PoolingGeometry, into y: inout MutableSpan<Float>, to: FeatureMaps,
  scratch: inout MutableSpan<Float>, on processor: Processor
) {
  precondition(x.count == from.count && y.count == to.count && from.batch == to.batch && from.channels == to.channels)
  precondition(from.layout.lanes == to.layout.lanes && from.height == geometry.inputHeight && from.width == geometry.inputWidth)
  precondition(to.height == geometry.outputHeight && to.width == geometry.outputWidth)
  precondition(scratch.count >= poolingScratchCount(from, threadCount: processor.threads.threadCount))
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let x = x.baseAddress, let y = y.baseAddress, let row = scratch.baseAddress else { return }
        let bands = MapBands(to)
        processor.threads.forEach(bands.count, (kind, processor.kernels, geometry, from, to, bands, x, y, row)) { work, thread, piece in
          let (kind, kernels, geometry, from, to, bands, x, y, row) = work
          let (block, rows) = bands[piece], target = y + block * to.blockStride
          if rows.lowerBound == 0 { kernels.clearBorder(to, target) }
          let windows = PoolingRows(
            geometry: geometry, x: x + block * from.blockStride + from.origin, xRowStep: from.rowStride,
            y: target + to.origin + rows.lowerBound * to.rowStride, yRowStep: to.rowStride, first: rows.lowerBound, count: rows.count,
            row: row + thread * poolingScratchCount(from, threadCount: 1))
          switch (kind, from.layout.lanes == 1) {
          case (.max, true): kernels.maxPool(windows)
          case (.max, false): kernels.maxPoolBlock(windows)
          case (.average, true): kernels.averagePool(windows)
          case (.average, false): kernels.averagePoolBlock(windows)
          }
        }
      }
    }
  }
}

/// How many floats of working memory ``pool(_:_:from:geometry:into:to:scratch:on:)`` needs for the maps that it reads.
public func poolingScratchCount(_ from: FeatureMaps, threadCount: Int) -> Int { threadCount * from.width * from.layout.lanes }

/// y[n, c, 0, 0] = mean of map n, c of x. Sums are taken in double precision, or compensated.
public func averageMaps(_ x: Span<Float>, from: FeatureMaps, into y: inout MutableSpan<Float>, to: FeatureMaps, on processor: Processor) {
  precondition(x.count == from.count && y.count == to.count && from.layout.lanes == to.layout.lanes)
  precondition(from.batch == to.batch && from.channels == to.channels && to.height == 1 && to.width == 1 && from.height > 0 && from.width > 0)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      // Small maps are taken several at once.
      let blocks = to.batch * to.blocks, each = max(1, 8_192 / from.blockStride)
      processor.threads.forEach((blocks + each - 1) / each, (processor.kernels, from, to, x, y, blocks, each)) { work, _, piece in
        let (kernels, from, to, x, y, blocks, each) = work
        for block in piece * each..<min(blocks, (piece + 1) * each) {
          let source = x + block * from.blockStride + from.origin, target = y + block * to.blockStride
          kernels.clearBorder(to, target)
          if from.layout.lanes == 1 {
            target[to.origin] = kernels.averageMap(source, from.rowStride, from.height, from.width)
          } else {
            kernels.averageBlock(source, from.rowStride, from.height, from.width, target + to.origin)
          }
        }
      }
    }
  }
}
