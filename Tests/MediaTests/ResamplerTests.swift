import Foundation
import Media
import Testing

@Suite struct ResamplerTests {
  /// A tone stays the same tone.
  @Test(arguments: [(8000, 44_100), (44_100, 16_000), (48_000, 44_100), (44_100, 22_050)]) func tonesStay(source: Int, target: Int) throws {
    let audio = Audio(sampleRate: source, samples: sine(1000, rate: source, count: source / 2))
    let found = try audio.resampled(to: target), expected = sine(1000, rate: target, count: found.frameCount)
    #expect(found.sampleRate == target && found.frameCount == (audio.frameCount * target + source - 1) / source)
    // Away from the ends, where the tone begins and stops.
    let inner = target / 20..<found.frameCount - target / 20
    let most = inner.map { abs(found.samples[$0] - expected[$0]) }.max() ?? 1
    #expect(most < 1e-3, "\(most)")
  }

  /// A tone that the new rate cannot hold is gone, instead of another tone.
  @Test func noAliases() throws {
    let found = try Audio(sampleRate: 44_100, samples: sine(12_000, rate: 44_100, count: 22_050)).resampled(to: 16_000)
    #expect(found.samples[1000..<7000].allSatisfy { abs($0) < 1e-3 })
  }

  @Test(arguments: Resampler.Quality.allCases, [1, 13, 777, 5000]) func blocksAreTheWhole(quality: Resampler.Quality, block: Int) throws {
    let samples = sine(500, rate: 44_100, count: 6000)
    for (source, target) in [(44_100, 16_000), (8000, 44_100), (16_000, 16_000)] {
      let whole = try Audio(sampleRate: source, channels: 2, samples: samples).resampled(to: target, quality: quality)
      let resampler = try Resampler(from: source, to: target, channels: 2, quality: quality)
      var parts: [Float] = []
      for start in stride(from: 0, to: samples.count, by: 2 * block) {
        parts += try resampler.push(Array(samples[start..<min(start + 2 * block, samples.count)]))
      }
      parts += try resampler.finish()
      #expect(parts == whole.samples, "\(source) to \(target)")
    }
  }

  @Test func shortSoundsAndFarRates() throws {
    for count in 0..<5 {
      let short = try Audio(sampleRate: 8000, samples: sine(1, rate: 8, count: count)).resampled(to: 12_000)
      #expect(short.frameCount == (3 * count + 1) / 2)
    }
    #expect(throws: AudioError.self) { try Audio(sampleRate: 100, samples: [1]).resampled(to: 192_000) }
    // An offset stays, and silence stays silent.
    let constant = try Audio(sampleRate: 44_100, samples: [Float](repeating: 0.25, count: 8000)).resampled(to: 16_000)
    #expect(constant.samples[500..<2000].allSatisfy { abs($0 - 0.25) < 1e-3 })
    #expect(try Audio(sampleRate: 44_100, samples: [Float](repeating: 0, count: 8000)).resampled(to: 16_000).samples.allSatisfy { $0 == 0 })
  }
}
