import Kernels
import Media
import Tensors
import Testing
import TriggerWords
import TriggerWordsTestSupport

@Suite struct SoundListenerTests {
  private func heard(_ samples: [Float], rate: Int, channels: Int, cuts: (Int) -> Int) throws -> (scores: [Float], events: [TriggerEvent]) {
    let listener = try SoundListener(suddenSoundModel(), sampleRate: rate, channels: channels, processor: .default)
    var scores: [Float] = [], events: [TriggerEvent] = [], frame = 0
    let count = samples.count / channels
    while frame < count {
      let next = min(count, frame + cuts(frame)), result = try listener.push(Array(samples[frame * channels..<next * channels]))
      scores += result.scores
      events += result.events
      frame = next
    }
    let last = try listener.finish()
    return (scores + last.scores, events + last.events)
  }

  /// Each burst is an event, at every rate and with any channels, and nothing else is.
  @Test(arguments: [(16_000, 1), (8000, 1), (48_000, 2), (44_100, 6)])
  func burstsAreFound(rate: Int, channels: Int) throws {
    let bursts = [1.0, 3.5, 5.2], mono = burstySound(sampleRate: rate, seconds: 7, bursts: bursts)
    let samples = mono.flatMap { [Float](repeating: $0, count: channels) }
    // Of telephone speech half the bands are silent.
    let found = try heard(samples, rate: rate, channels: channels) { _ in 4096 }.events
    #expect(found.count == 3, "\(found)")
    for (event, burst) in zip(found, bursts) { #expect(event.end > burst - 0.05 && event.end < burst + 0.15 && event.score > 0.5, "\(event)") }
  }

  @Test func theSameHoweverCut() throws {
    let samples = burstySound(sampleRate: 22_050, seconds: 6, bursts: [1, 2.6, 4.5]), whole = try heard(samples, rate: 22_050, channels: 1) { _ in 1 << 20 }
    var random = RandomNumbers(seed: 2)
    #expect(whole.events.count == 3)
    for _ in 0..<3 {
      let cut = try heard(samples, rate: 22_050, channels: 1) { _ in 1 + random.index(below: 3000) }
      #expect(cut.events == whole.events)
      #expect(cut.scores == whole.scores)
    }
  }

  /// Fed in blocks of 10 ms an event is out at most 300 ms of sound after the burst began.
  @Test func eventsComeInTime() throws {
    let rate = 16_000, bursts = [1.0, 2.52, 4.04, 5.57], samples = burstySound(sampleRate: rate, seconds: 7, bursts: bursts)
    let listener = try SoundListener(suddenSoundModel(), sampleRate: rate, channels: 1, processor: .default)
    var count = 0
    for start in stride(from: 0, to: samples.count, by: 160) {
      for event in try listener.push(Array(samples[start..<start + 160])).events {
        #expect(listener.seconds - bursts[count] <= 0.3, "known at \(listener.seconds)")
        #expect(listener.seconds - event.end <= listener.latencySeconds)
        count += 1
      }
    }
    #expect(count == 4 && listener.latencySeconds < 0.7)
  }

  @Test func nothingEndsAfterTheSound() throws {
    let samples = burstySound(sampleRate: 16_000, seconds: 1.15, bursts: [1.0])
    let found = try heard(samples, rate: 16_000, channels: 1) { _ in 4096 }.events
    #expect(found.count == 1 && found.allSatisfy { $0.end <= 1.15 && $0.peak <= 1.15 && $0.start <= $0.end })
  }

  @Test func silenceIsNothing() throws {
    #expect(try heard([Float](repeating: 0, count: 32_000), rate: 16_000, channels: 1) { _ in 4096 }.events.isEmpty)
  }
}

@Suite struct ChimeTests {
  @Test func aBellThatDiesAway() {
    for rate in [8000, 44_100, 48_000] {
      let chime = Chime.samples(sampleRate: rate)
      #expect(chime.count == Int(0.7 * Double(rate)) && chime[0] == 0 && abs(chime.last!) < 1e-3)
      let loudest = chime.map(abs).max()!
      #expect(loudest > 0.1 && loudest <= 0.5)
      func energy(_ part: Range<Double>) -> Float { chime[Int(part.lowerBound * Double(rate))..<Int(part.upperBound * Double(rate))].reduce(0) { $0 + $1 * $1 } }
      #expect(energy(0.6..<0.7) < 0.05 * energy(0.16..<0.26))
    }
  }

  @Test func mixedWhereTheEventIs() {
    let rate = 8000, sound = [Float](repeating: 0.125, count: 2 * rate * 4), chime = Chime.samples(sampleRate: rate)
    var mixer = ChimeMixer(sampleRate: rate, channels: 2, latency: 0.3), mixed: [Float] = [], random = RandomNumbers(seed: 1), place = 0
    while place < sound.count {
      let next = min(sound.count, place + 2 * (1 + random.index(below: 900))), before = Double(place / 2) / 8000, now = Double(next / 2) / 8000
      // Told 0.25 s late; the last at the end, where it is cut off.
      let known = [1.0, 1.5, 3.9].filter { $0 + 0.25 > before && $0 + 0.25 <= now }
      mixed += mixer.push(Array(sound[place..<next]), chimesAt: known)
      place = next
    }
    mixed += mixer.finish(chimesAt: [3.9])
    var expected = sound
    for start in [8000, 12_000, 31_200] {
      for (offset, value) in chime.enumerated() where start + offset < 4 * rate {
        for channel in 0..<2 { expected[(start + offset) * 2 + channel] += value }
      }
    }
    #expect(mixed.count == sound.count)
    #expect(zip(mixed, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }
}
