import KernelTemplates

/// Pools each of the `maps` maps of x by itself: see ``maxPool`` and ``averagePool`` of the templates.
///
/// - Parameters:
///   - x: [maps][input height][input width]; y: [maps][output height][output width].
///   - scratch: at least ``poolingScratchCount(_:threadCount:)`` floats.
public func pool(
  _ kind: PoolingKind, _ x: Span<Float>, geometry: PoolingGeometry, maps: Int, into y: inout MutableSpan<Float>,
  scratch: inout MutableSpan<Float>, on processor: Processor
) {
  let inputPlane = geometry.inputHeight * geometry.inputWidth, outputPlane = geometry.outputHeight * geometry.outputWidth
  precondition(x.count == maps * inputPlane && y.count == maps * outputPlane)
  precondition(scratch.count >= poolingScratchCount(geometry, threadCount: processor.threads.threadCount))
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let x = x.baseAddress, let y = y.baseAddress, let row = scratch.baseAddress else { return }
        processor.threads.forEach(maps, (kind, processor.kernels, geometry, x, y, row)) { work, thread, map in
          let (kind, kernels, geometry, x, y, row) = work
          let source = x + map * geometry.inputHeight * geometry.inputWidth, target = y + map * geometry.outputHeight * geometry.outputWidth
          switch kind {
          case .max: kernels.maxPool(geometry, source, target, row + thread * geometry.inputWidth)
          case .average: kernels.averagePool(geometry, source, target)
          }
        }
      }
    }
  }
}

/// How many floats of working memory ``pool(_:_:geometry:maps:into:scratch:on:)`` needs.
public func poolingScratchCount(_ geometry: PoolingGeometry, threadCount: Int) -> Int { threadCount * geometry.inputWidth }

/// y[m] = mean of map m of x; sums are taken in double precision.
public func averageMaps(_ x: Span<Float>, maps: Int, into y: inout MutableSpan<Float>, on processor: Processor) {
  precondition(y.count == maps && maps > 0 && x.count % maps == 0)
  let count = x.count / maps
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      processor.threads.forEach(maps, (x, y, count)) { work, _, map in
        let (x, y, count) = work
        var sum = 0.0
        for index in map * count..<(map + 1) * count { sum += Double(x[index]) }
        y[map] = count == 0 ? 0 : Float(sum / Double(count))
      }
    }
  }
}
