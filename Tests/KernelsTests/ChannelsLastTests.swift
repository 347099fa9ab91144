import Kernels
import Testing

@Suite struct ChannelsLastTests {
  @Test(arguments: tables.indices) func channelsOfAPixelLieSideBySide(table: Int) {
    let lanes = tables[table].lanes
    for channels in [1, lanes - 1, lanes, lanes + 1, 2 * lanes, 3 * lanes + 5] {
      for (height, width, border) in [(1, 1, 0), (1, 67, 0), (3, 131, 2), (2, 64, 1)] {
        for threads in [1, 3] {
          let processor = processor(tables[table], threads: threads)
          let maps = FeatureMaps(
            batch: 2, channels: channels, height: height, width: width, layout: MapLayout(lanes: lanes, border: border))
          let pixels = height * width, x = noise(2 * channels * pixels)
          var y = [Float](repeating: .nan, count: x.count), span = y.mutableSpan
          channelsLast(poisoned(x, as: maps, on: processor).span, from: maps, into: &span, on: processor)
          let expected = y.indices.map { index in
            let pixel = index / channels
            return x[(pixel / pixels * channels + index % channels) * pixels + pixel % pixels]
          }
          expectClose(y, expected, tolerance: 0, "\(tables[table].name) \(channels)×\(height)×\(width), \(threads) threads")
        }
      }
    }
  }
}
