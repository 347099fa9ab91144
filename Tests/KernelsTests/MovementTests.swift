import Kernels
import Testing

@Suite struct MovementTests {
  @Test(arguments: tables.indices) func upsamplingRepeatsPixels(table: Int) {
    let processor = processor(tables[table], threads: 2), lanes = tables[table].lanes
    for (channels, height, width, factor) in [(1, 1, 1, 3), (lanes, 2, 3, 1), (lanes + 3, 5, 7, 2), (2 * lanes - 1, 31, 67, 2), (3, 2, 2, 5)] {
      for (blocked, borders) in [(1, (0, 0)), (1, (2, 1)), (lanes, (0, 0)), (lanes, (1, 0)), (lanes, (0, 1)), (lanes, (1, 1))] {
        let from = FeatureMaps(batch: 2, channels: channels, height: height, width: width, layout: MapLayout(lanes: blocked, border: borders.0))
        let to = FeatureMaps(
          batch: 2, channels: channels, height: height * factor, width: width * factor, layout: MapLayout(lanes: blocked, border: borders.1))
        let x = noise(2 * channels * height * width)
        var y = [Float](repeating: 99, count: to.count), span = y.mutableSpan
        upsample(poisoned(x, as: from, on: processor).span, from: from, factor: factor, scale: 2, into: &span, to: to, on: processor)
        var expected: [Float] = []
        for map in 0..<2 * channels {
          for i in 0..<height * factor { for j in 0..<width * factor { expected.append(2 * x[(map * height + i / factor) * width + j / factor]) } }
        }
        let what = "\(tables[table].name) \(channels)×\(height)×\(width) by \(factor) in \(blocked) lanes"
        expectClearBorder(y, to, what)
        expectClose(plain(y, from: to, on: processor), expected, tolerance: 0, what)
      }
    }
  }

  /// A run of blocks from one picture of maps into another, twice: the second lies beside the first.
  @Test(arguments: tables.indices) func blocksAreCopied(table: Int) {
    let processor = processor(tables[table], threads: 2), lanes = tables[table].lanes
    for (height, width) in [(1, 1), (2, 3), (13, 67)] {
      for (blocked, borders) in [(1, (0, 0)), (lanes, (0, 0)), (lanes, (2, 2)), (lanes, (1, 0)), (lanes, (0, 2))] {
        let left = FeatureMaps(batch: 2, channels: 2 * blocked, height: height, width: width, layout: MapLayout(lanes: blocked, border: borders.0))
        var right = left, to = left
        right.channels = 3 * blocked - (blocked > 1 ? 1 : 0)
        to.channels = left.channels + right.channels
        to.layout.border = borders.1
        let plane = height * width, a = noise(2 * left.channels * plane), b = noise(2 * right.channels * plane, seed: 2)
        var y = [Float](repeating: 99, count: to.count), span = y.mutableSpan
        copyBlocks(laidOut(a, as: left, on: processor).span, from: left, at: 0, count: 2, into: &span, to: to, at: 0, on: processor)
        copyBlocks(laidOut(b, as: right, on: processor).span, from: right, at: 0, count: 3, into: &span, to: to, at: 2, on: processor)
        expectClearBorder(y, to, "\(tables[table].name) \(height)×\(width) in \(blocked) lanes")
        let half = (left.channels * plane, right.channels * plane)
        let expected = Array(a[..<half.0] + b[..<half.1] + a[half.0...] + b[half.1...])
        expectClose(plain(y, from: to, on: processor), expected, tolerance: 0, "\(tables[table].name) in \(blocked) lanes, borders \(borders)")

        var part = right
        part.channels = right.channels - blocked
        var z = [Float](repeating: 99, count: part.count), target = z.mutableSpan
        copyBlocks(y.span, from: to, at: 3, count: 2, into: &target, to: part, at: 0, on: processor)
        let rest = b.indices.filter { $0 / plane % right.channels >= blocked }.map { b[$0] }
        expectClose(plain(z, from: part, on: processor), rest, tolerance: 0, "\(tables[table].name) in \(blocked) lanes, borders \(borders), back")
      }
    }
  }
}
