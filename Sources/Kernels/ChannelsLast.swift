import KernelTemplates

/// y[n, i, j, c] = x[n, c, i, j] for maps in blocks of channels.
public func channelsLast(_ x: Span<Float>, from maps: FeatureMaps, into y: inout MutableSpan<Float>, on processor: Processor) {
  precondition(x.count == maps.count && y.count == maps.batch * maps.channels * maps.height * maps.width)
  precondition(maps.layout.lanes == processor.kernels.lanes)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      let pieces = (maps.width + piecePixels - 1) / piecePixels
      processor.threads.forEach(maps.batch * maps.height * pieces, (processor.kernels, maps, pieces, x, y)) { work, _, index in
        let (kernels, maps, pieces, x, y) = work
        let row = index / pieces, first = index % pieces * piecePixels
        let source = x + (row / maps.height * maps.imageStride + maps.origin + row % maps.height * maps.rowStride + first * maps.pixelStride)
        kernels.channelsLast(maps, source, min(piecePixels, maps.width - first), y + (row * maps.width + first) * maps.channels)
      }
    }
  }
}

/// Pixels that a piece of work has: enough to be worth handing out.
private let piecePixels = 64
