import Foundation
import Media
import Testing
import TriggerWords

/// A word of a tone that ends sharply.
private func tone(_ hertz: Float, seconds: Double, rate: Int = 16_000, name: String) -> SoundClip {
  SoundClip((0..<Int(seconds * Double(rate))).map { 0.3 * sinf(2 * .pi * hertz * Float($0) / Float(rate)) }, name: name, speaker: "tone")
}

@Suite struct ClipMakerTests {
  private let positives = [ClipSource([tone(700, seconds: 0.6, name: "yes"), tone(900, seconds: 0.5, name: "yes")])]
  private let negatives = [ClipSource([tone(300, seconds: 0.8, name: "no")]), ClipSource([tone(200, seconds: 2, name: "rare")], weight: 0.1)]

  @Test func clipsHoldWhatTheySay() throws {
    let maker = try ClipMaker(positives: positives, negatives: negatives, seed: 7)
    var kinds: Set<TrainingClip.Background> = [], counts: Set<Int> = []
    for index in 0..<60 {
      let clip = maker.clip(index)
      #expect(clip.samples.count == 160_000 && clip.sampleRate == 16_000)
      let isSound = clip.samples.allSatisfy { $0.isFinite && abs($0) <= 1 }
      #expect(isSound)
      let all = (clip.positives + clip.negatives).sorted { $0.start < $1.start }
      for (one, next) in zip(all, all.dropFirst()) { #expect(one.end <= next.start, "\(index)") }
      #expect(all.allSatisfy { $0.start >= 0 && $0.end <= 10 && $0.end > $0.start })
      #expect(clip.positives.count <= 4 && clip.negatives.count <= 6)
      let isInRange = clip.signalToNoise.map { (0...45).contains($0) } ?? true
      #expect(isInRange)
      if let peak = clip.peak {
        let most = clip.samples.map { abs($0) }.max() ?? 0
        #expect(abs(20 * log10f(most) - peak) < 0.01 && (-30...0.001).contains(peak))
      }
      kinds.insert(clip.background)
      counts.insert(clip.positives.count)
    }
    #expect(kinds == [.silence, .noise, .music, .babble] && counts == [0, 1, 2, 3, 4])
  }

  @Test func someClipsHaveNoSpeech() throws {
    var settings = ClipSettings()
    (settings.positives, settings.negatives) = (1...1, 1...1)
    let maker = try ClipMaker(positives: positives, negatives: negatives, settings: settings, seed: 3), clips = (0..<200).map(maker.clip)
    let wordless = clips.filter { $0.positives.isEmpty && $0.negatives.isEmpty }
    #expect((10...45).contains(wordless.count) && wordless.allSatisfy { $0.background != .silence && meanSquare($0.samples) > 0 })
    #expect((0.3...0.75).contains(Double(wordless.count { $0.background == .music }) / Double(wordless.count)))
  }

  @Test func theSameSeedGivesTheSameClip() throws {
    let one = try ClipMaker(positives: positives, negatives: negatives, seed: 5)
    let two = try ClipMaker(positives: positives, negatives: negatives, seed: 5)
    let later = one.clip(9)
    #expect(one.clip(3) == two.clip(3) && two.clip(9) == later && one.clip(3) != one.clip(4))
    let other = try ClipMaker(positives: positives, negatives: negatives, seed: 6)
    #expect(other.clip(3) != one.clip(3))
  }

  @Test func threadsMakeTheSameClips() async throws {
    let maker = try ClipMaker(positives: positives, negatives: negatives, seed: 8), expected = (0..<12).map { maker.clip($0) }
    let made = await withTaskGroup(of: (Int, TrainingClip).self) { group in
      for index in 0..<12 { group.addTask { (index, maker.clip(index)) } }
      var made: [Int: TrainingClip] = [:]
      for await (index, clip) in group { made[index] = clip }
      return made
    }
    for index in 0..<12 { #expect(made[index] == expected[index]) }
  }

  /// On silence and unchanged, a word's energy ends where its label begins.
  @Test func labelsStandWhereTheWordEnds() throws {
    var settings = ClipSettings.plain
    settings.negatives = 0...0
    settings.positives = 1...3
    let maker = try ClipMaker(positives: positives, negatives: [], settings: settings, seed: 1)
    for index in 0..<20 {
      let clip = maker.clip(index), samples = clip.samples
      for word in clip.positives {
        let start = Int((word.start * 16_000).rounded()), end = Int((word.end * 16_000).rounded())
        #expect(meanSquare(Array(samples[end - 160..<end])) > 1e-5 && meanSquare(Array(samples[start..<start + 160])) > 1e-5)
        #expect(meanSquare(Array(samples[end..<min(end + 800, 160_000)])) == 0)
      }
      let labels = clip.labels(steps: 1375, count: 50)
      for word in clip.positives {
        let step = Int(word.end * 137.5)
        let isOn = step + 1 >= 1375 || labels[step + 1] == 1 && labels[max(step - 1, 0)] == 0
        #expect(isOn)
      }
    }
  }

  /// What the word's speed becomes, its label follows.
  @Test func labelsFollowTheSpeed() throws {
    var settings = ClipSettings.plain
    settings.negatives = 0...0
    settings.positives = 1...1
    settings.speedShare = 1
    settings.speeds = 1.15...1.16
    settings.tempoShare = 1
    settings.tempos = 0.9...0.91
    let clip = try ClipMaker(positives: positives, negatives: [], settings: settings, seed: 2).clip(0)
    let word = try #require(clip.positives.first), lengths = [0.6, 0.5].map { $0 / 1.155 / 0.905 }
    #expect(lengths.contains { abs(word.end - word.start - $0) < 0.01 }, "\(word)")
    let end = Int(word.end * 16_000)
    #expect(meanSquare(Array(clip.samples[max(end - 800, 0)..<end])) > 1e-5 && meanSquare(Array(clip.samples[min(end + 16, 159_999)...])) == 0)
  }

  @Test func noiseIsAtItsLevel() throws {
    var settings = ClipSettings.plain
    settings.cleanShare = 0
    settings.babbleShare = 0
    settings.positives = 2...2
    settings.negatives = 0...0
    for decibels in [0, 6, 15] as [Float] {
      settings.signalToNoise = decibels...decibels
      let maker = try ClipMaker(positives: positives, negatives: [], settings: settings, seed: 3)
      var clean = settings
      clean.cleanShare = 1
      let speech = try ClipMaker(positives: positives, negatives: [], settings: clean, seed: 3)
      for index in 0..<5 {
        let noisy = maker.clip(index), words = speech.clip(index)
        #expect(noisy.positives == words.positives && noisy.background == .noise && words.background == .silence)
        var isSpeech = [Bool](repeating: false, count: 160_000)
        for word in words.positives { for n in Int((word.start * 16_000).rounded())..<Int((word.end * 16_000).rounded()) { isSpeech[n] = true } }
        // What the clip has of the words alone, by least squares, and the rest, which is noise.
        let own = words.samples.reduce(0.0) { $0 + Double($1 * $1) }
        let part = zip(noisy.samples, words.samples).reduce(0.0) { $0 + Double($1.0 * $1.1) } / own
        let noise = meanSquare(zip(noisy.samples, words.samples).map { $0 - Float(part) * $1 })
        let spoken = Float(part * part) * meanSquare(words.samples.indices.filter { isSpeech[$0] }.map { words.samples[$0] })
        let found = 10 * log10f(spoken / noise)
        #expect(abs(found - decibels) < 0.5, "\(index): \(found) for \(decibels)")
      }
    }
  }

  @Test func otherRatesAndLengths() throws {
    var settings = ClipSettings()
    settings.sampleRate = 44_100
    settings.seconds = 3
    settings.rooms = 2
    let word = [ClipSource([tone(700, seconds: 0.6, rate: 44_100, name: "yes")])]
    let clip = try ClipMaker(positives: word, negatives: [], settings: settings, seed: 1).clip(1)
    #expect(clip.samples.count == 132_300 && clip.seconds == 3)
  }

  @Test func recordingsAreBackgrounds() throws {
    var settings = ClipSettings.plain
    settings.cleanShare = 0
    settings.recordingShare = 1
    settings.positives = 0...0
    settings.negatives = 0...0
    let hum = SoundClip((0..<5000).map { $0 % 100 < 50 ? 0.1 : -0.1 }, name: "hum", speaker: "")
    let clip = try ClipMaker(positives: [], negatives: [], backgrounds: [hum], settings: settings, seed: 1).clip(0)
    let isPeriodic = (0..<159_900).allSatisfy { clip.samples[$0] == clip.samples[$0 + 100] }
    #expect(clip.background == .recording && isPeriodic && clip.signalToNoise == nil)
  }

  @Test func nothingToSay() {
    #expect(throws: SpeechError.noPositives) { _ = try ClipMaker(positives: [], negatives: [], seed: 1) }
    #expect(throws: SpeechError.noPositives) {
      _ = try ClipMaker(positives: [ClipSource([SoundClip([], name: "", speaker: "")])], negatives: [], seed: 1)
    }
  }
}
