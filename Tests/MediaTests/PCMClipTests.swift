import Foundation
import Media
import Testing

@Suite struct PCMClipTests {
  @Test func gainsRoundDownAndSaturate() {
    let clip = PCMClip(sampleRate: 1000, samples: [100, -100, 1, -1, 0, 30_000, -30_000])
    #expect(clip.amplified(byDecibels: 0) == clip)
    // 10^(−20 / 20) = 0.1 and 10^(20 / 20) = 10
    #expect(clip.amplified(byDecibels: -20).samples == [10, -10, 0, -1, 0, 3000, -3000])
    #expect(clip.amplified(byDecibels: 20).samples == [1000, -1000, 10, -10, 0, 32_767, -32_768])
    #expect(clip.amplified(byDecibels: -3).samples[0] == 70 && clip.amplified(byDecibels: -3).samples[1] == -71)
    #expect(clip.amplified(byDecibels: .infinity).samples == [32_767, -32_768, 32_767, -32_768, 0, 32_767, -32_768])
  }

  @Test func clipsAreAddedFromTheirFrame() {
    let background = PCMClip(sampleRate: 44_100, channels: 2, samples: [Int16](repeating: 20_000, count: 2 * 441))
    let clip = PCMClip(sampleRate: 44_100, channels: 2, samples: [1, -1, 20_000, -32_768])
    let mixed = background.overlaid(with: clip, atMilliseconds: 3)  // frame ⌊132.3⌋
    #expect(mixed.frameCount == 441 && Array(mixed.samples[262..<270]) == [20_000, 20_000, 20_001, 19_999, 32_767, -12_768, 20_000, 20_000])
    #expect(mixed.samples.count { $0 != 20_000 } == 4)
    // Cut off at the end, and nothing after it.
    let last = PCMClip(sampleRate: 1000, samples: [1, 2, 3]).overlaid(with: PCMClip(sampleRate: 1000, samples: [5, 5, 5]), atMilliseconds: 2)
    #expect(last.samples == [1, 2, 8])
    #expect(last.overlaid(with: last, atMilliseconds: 3) == last && last.overlaid(with: last, atMilliseconds: .max) == last && last.milliseconds == 3)
  }

  @Test func channelsAreSpread() {
    let clip = PCMClip(sampleRate: 10, samples: [1, -2])
    #expect(clip.spread(over: 3) == PCMClip(sampleRate: 10, channels: 3, samples: [1, 1, 1, -2, -2, -2]) && clip.spread(over: 1) == clip)
  }

  /// The course's example of a word laid over a background, which pydub mixed: the same samples.
  @Test(.enabled(if: clips != nil, "needs the course's recordings: PERCEPT_SHARED")) func likePydub() throws {
    func clip(_ name: String) throws -> PCMClip { try PCMClip(loadAudio(#require(clips).appending(path: name).path)) }
    let word = try clip("activates/3_act2.wav").spread(over: 2)
    #expect(try clip("backgrounds/2.wav").overlaid(with: word, atMilliseconds: 2254) == clip("mixed-insert_test.wav"))
  }
}

/// The folder of recordings, if it is on this machine.
private let clips: URL? = {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let shared = ProcessInfo.processInfo.environment["PERCEPT_SHARED"].map { URL(filePath: $0) } ?? root.appending(path: "../shared")
  let folder = shared.appending(path: "data/triggerword")
  return FileManager.default.fileExists(atPath: folder.appending(path: "mixed-insert_test.wav").path) ? folder : nil
}()
