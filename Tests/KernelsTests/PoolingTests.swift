import Kernels
import Testing

@Suite struct PoolingTests {
  @Test(arguments: tables.indices, [PoolingKind.max, .average]) func equalsTheReference(table: Int, kind: PoolingKind) {
    for (size, stride, pad) in [(2, 2, 0), (2, 1, 1), (3, 2, 1), (3, 1, 1), (5, 1, 2), (13, 1, 6), (1, 1, 0), (2, 3, 0), (4, 2, 3)] {
      for width in awkwardCounts(lanes: tables[table].lanes) where width + pad >= size {
        for height in [size, size + 1, 7] where height + pad >= size {
          let geometry = PoolingGeometry(
            inputHeight: height, inputWidth: width, outputHeight: (height + pad - size) / stride + 1, outputWidth: (width + pad - size) / stride + 1,
            size: size, stride: stride, top: pad / 2, left: pad / 2)
          let maps = 3
          let x = noise(maps * height * width)
          let what = "\(tables[table].name) \(kind) \(size)/\(stride) of \(height)×\(width)"
          expectClose(run(kind, x, geometry, maps, tables[table]), Reference.pool(kind, x, geometry: geometry, maps: maps), tolerance: 1e-7, what)
        }
      }
    }
  }

  @Test(arguments: tables.indices) func specialNumbers(table: Int) {
    let geometry = PoolingGeometry(
      inputHeight: 4, inputWidth: 37, outputHeight: 2, outputWidth: 18, size: 2, stride: 2, top: 0, left: 0)
    for position in [0, 1, 5, 36, 38, 74, 111, 147] {
      for value in [Float.nan, .infinity, -.infinity] {
        var x = noise(148)
        x[position] = value
        let found = run(.max, x, geometry, 1, tables[table])
        expectClose(found, Reference.pool(.max, x, geometry: geometry, maps: 1), tolerance: 0, "\(tables[table].name) \(value) at \(position)")
      }
    }
  }

  /// Blocks of channels, whole and others, between all borders, against the same numbers in plain maps.
  @Test(arguments: tables.indices, [PoolingKind.max, .average]) func blockedMaps(table: Int, kind: PoolingKind) {
    let processor = processor(tables[table], threads: 2), lanes = tables[table].lanes
    let windows = [(2, 2, 0), (2, 1, 1), (3, 2, 1), (3, 1, 2), (3, 2, 4), (5, 1, 4), (13, 1, 12), (1, 1, 0), (2, 3, 0), (4, 2, 3), (7, 7, 0)]
    for (size, stride, pad) in windows {
      for (height, width) in [(1, 1), (2, 2), (7, 5), (13, 17), (26, 67)] where min(height, width) + pad >= size {
        for (channels, blocked, borders) in [(lanes, lanes, (0, 1)), (lanes + 1, lanes, (1, 0)), (2 * lanes - 1, lanes, (2, 2)), (3, 1, (1, 2))] {
          let geometry = PoolingGeometry(
            inputHeight: height, inputWidth: width, outputHeight: (height + pad - size) / stride + 1, outputWidth: (width + pad - size) / stride + 1,
            size: size, stride: stride, top: pad / 2, left: pad - pad / 2)
          let from = FeatureMaps(
            batch: 2, channels: channels, height: height, width: width, layout: MapLayout(lanes: blocked, border: borders.0))
          let to = FeatureMaps(
            batch: 2, channels: channels, height: geometry.outputHeight, width: geometry.outputWidth,
            layout: MapLayout(lanes: blocked, border: borders.1))
          let x = noise(2 * channels * height * width)
          let y = run(kind, poisoned(x, as: from, on: processor), from, geometry, to, tables[table])
          let what = "\(tables[table].name) \(kind) \(size)/\(stride) of \(channels)×\(height)×\(width) in \(blocked) lanes"
          expectClearBorder(y, to, what)
          let expected = Reference.pool(kind, x, geometry: geometry, maps: 2 * channels)
          expectClose(plain(y, from: to, on: processor), expected, tolerance: kind == .max ? 0 : 1e-6, what)
        }
      }
    }
  }

  @Test(arguments: tables.indices) func specialNumbersInBlocks(table: Int) {
    let processor = processor(tables[table]), lanes = tables[table].lanes
    for (size, stride) in [(2, 2), (3, 2), (5, 1)] {
      for value in [Float.nan, .infinity, -.infinity] {
        var x = noise(lanes * 49)
        x[49 + 3 * 7 + 2] = value
        let geometry = PoolingGeometry(
          inputHeight: 7, inputWidth: 7, outputHeight: (7 - size) / stride + 1, outputWidth: (7 - size) / stride + 1, size: size, stride: stride,
          top: 0, left: 0)
        let from = FeatureMaps(batch: 1, channels: lanes, height: 7, width: 7, layout: MapLayout(lanes: lanes))
        var to = from
        (to.height, to.width) = (geometry.outputHeight, geometry.outputWidth)
        let y = run(.max, laidOut(x, as: from, on: processor), from, geometry, to, tables[table])
        let expected = Reference.pool(.max, x, geometry: geometry, maps: lanes)
        expectClose(plain(y, from: to, on: processor), expected, tolerance: 0, "\(tables[table].name) \(size)/\(stride) \(value)")
      }
    }
  }

  /// The mean of many pixels far from zero is as exact as a float can be.
  @Test(arguments: tables.indices) func averagesOfWholeMaps(table: Int) {
    let processor = processor(tables[table], threads: 2), lanes = tables[table].lanes
    for (channels, height, width) in [(1, 1, 1), (lanes, 2, 3), (lanes + 3, 7, 7), (2 * lanes - 1, 131, 67)] {
      for (blocked, borders) in [(1, (0, 0)), (1, (2, 1)), (lanes, (0, 0)), (lanes, (1, 0)), (lanes, (0, 1))] {
        let from = FeatureMaps(batch: 2, channels: channels, height: height, width: width, layout: MapLayout(lanes: blocked, border: borders.0))
        let to = FeatureMaps(batch: 2, channels: channels, height: 1, width: 1, layout: MapLayout(lanes: blocked, border: borders.1))
        let x = noise(2 * channels * height * width).map { 100 + $0 }, pixels = height * width
        let expected = (0..<2 * channels).map { map in
          Float(x[map * pixels..<(map + 1) * pixels].reduce(0.0) { $0 + Double($1) } / Double(pixels))
        }
        var y = [Float](repeating: 99, count: to.count), span = y.mutableSpan
        averageMaps(poisoned(x, as: from, on: processor).span, from: from, into: &span, to: to, on: processor)
        let what = "\(tables[table].name) \(channels)×\(height)×\(width) in \(blocked) lanes"
        expectClearBorder(y, to, what)
        expectClose(plain(y, from: to, on: processor), expected, tolerance: 2e-7, what)
      }
    }
  }

  private func run(_ kind: PoolingKind, _ x: [Float], _ geometry: PoolingGeometry, _ maps: Int, _ table: KernelTable) -> [Float] {
    let from = FeatureMaps(batch: 1, channels: maps, height: geometry.inputHeight, width: geometry.inputWidth)
    let to = FeatureMaps(batch: 1, channels: maps, height: geometry.outputHeight, width: geometry.outputWidth)
    return run(kind, x, from, geometry, to, table)
  }

  private func run(
    _ kind: PoolingKind, _ x: [Float], _ from: FeatureMaps, _ geometry: PoolingGeometry, _ to: FeatureMaps, _ table: KernelTable
  ) -> [Float] {
    let processor = processor(table, threads: 2)
    var y = [Float](repeating: 99, count: to.count)
    var scratch = [Float](repeating: 99, count: poolingScratchCount(from, threadCount: 2))
    var ySpan = y.mutableSpan, scratchSpan = scratch.mutableSpan
    pool(kind, x.span, from: from, geometry: geometry, into: &ySpan, to: to, scratch: &scratchSpan, on: processor)
    return y
  }
}
