import Tensors
import Testing
import TriggerWords

/// Events by scores made by hand, a score each 20 ms: the mean is over three.
@Suite struct EventDetectorTests {
  private static let step = 0.02

  /// `seconds` of scores, 0 but for the given stretches.
  private func scores(_ seconds: Double, _ stretches: [(from: Double, to: Double, score: Float)]) -> [Float] {
    (0..<Int((seconds / Self.step).rounded())).map { index in
      let time = Double(index + 1) * Self.step
      return stretches.last { time > $0.from + 1e-9 && time <= $0.to + 1e-9 }?.score ?? 0
    }
  }

  private func events(_ scores: [Float], threshold: Float = 0.5, phraseSeconds: Double = 0.5) -> [TriggerEvent] {
    var detector = EventDetector(threshold: threshold, stepSeconds: Self.step, phraseSeconds: phraseSeconds, smoothing: 0.06)
    return detector.push(scores) + [detector.finish()].compactMap { $0 }
  }

  @Test func timesOfAnEvent() throws {
    let found = events(scores(4, [(2, 2.3, 0.9)]))
    try #require(found.count == 1)
    // The mean reaches 0.25 with the first of the high scores, 2.02 s, half a window late.
    #expect(abs(found[0].end - 2) < 1e-9 && abs(found[0].start - 1.5) < 1e-9 && abs(found[0].score - 0.9) < 1e-6)
    #expect(abs(found[0].peak - 2.04) < 1e-9)
  }

  @Test func oneUtteranceIsOneEvent() {
    // It wavers about the threshold, and falls below half of it for a moment.
    let wavering = scores(4, [(1, 1.1, 0.9), (1.1, 1.2, 0.4), (1.2, 1.3, 0.8), (1.3, 1.4, 0.1), (1.4, 1.6, 0.9)])
    #expect(events(wavering).count == 1)
    // A score that stays high for long is one too, until it has been low.
    #expect(events(scores(10, [(1, 5, 0.9)])).count == 1)
    #expect(events(scores(10, [(1, 5, 0.9), (5, 6, 0.3), (6, 7, 0.9)])).count == 1)
    #expect(events(scores(10, [(1, 5, 0.9), (5, 6, 0.2), (6, 7, 0.9)])).count == 2)
  }

  @Test func twoUtterancesAreTwo() {
    let found = events(scores(6, [(1, 1.3, 0.9), (2.1, 2.4, 0.8)]))
    #expect(found.count == 2 && abs(found[1].end - 2.1) < 1e-9)
    // A longer phrase takes longer to be said again.
    #expect(events(scores(6, [(1, 1.3, 0.9), (2.1, 2.4, 0.8)]), phraseSeconds: 1.6).count == 1)
    // The second begins while the first keeps others off, and lasts beyond.
    #expect(events(scores(6, [(1, 1.3, 0.9), (1.9, 2.3, 0.8)])).count == 2)
  }

  @Test func aSingleHighScoreIsNone() {
    #expect(events(scores(3, [(1, 1.02, 1)])).isEmpty)
    #expect(events(scores(3, [(1, 1.02, 1)]), threshold: 0.3).count == 1)
  }

  @Test func startsNeitherBeforeTheSoundNorInTheEventBefore() {
    #expect(events(scores(2, [(0.2, 0.5, 0.9)]), phraseSeconds: 0.8).map(\.start) == [0])
    let found = events(scores(6, [(1, 1.3, 0.9), (2.3, 2.6, 0.9)]), phraseSeconds: 1.2)
    #expect(found.count == 2 && found[1].start >= found[0].end && found[1].start == max(found[0].end, found[1].end - 1.2))
  }

  /// The end is where a score begins to be high, however high the threshold, but not long before the crossing.
  @Test func theEndIsTheRise() {
    for threshold: Float in [0.5, 0.6, 0.75] {
      let found = events(scores(4, [(2, 2.1, 0.4), (2.1, 2.5, 0.8)]), threshold: threshold)
      #expect(found.count == 1 && abs(found[0].end - 2.02) < 0.021, "\(threshold): \(found)")
    }
    let slow = events(scores(6, [(1, 3, 0.3), (3, 3.4, 0.9)]))
    #expect(slow.count == 1 && slow[0].end > 2.69 && slow[0].end < 3)
  }

  /// Whatever happens, an event is out at most 0.2 s of scores after the crossing, or after the rest since the event before, and not before it.
  @Test func decidedInTime() {
    var random = RandomNumbers(seed: 3)
    for step in [0.00726, 0.02, 0.04] {
      var detector = EventDetector(threshold: 0.5, stepSeconds: step, phraseSeconds: 0.6), level: Float = 0, count = 0
      let width = Int((EventDetector.smoothing / step).rounded())
      var recent = [Float](repeating: 0, count: width), crossing = 0, isAbove = false, lastOut = -1e9
      for index in 0..<20_000 {
        if random.uniform() < 0.05 { level = random.uniform() }
        recent = recent.dropFirst() + [level]
        let mean = recent.reduce(0, +) / Float(width)
        if mean >= 0.5, !isAbove { crossing = index }
        isAbove = mean >= 0.5
        for event in detector.push([level]) {
          let now = Double(index + 1) * step, delay = now - max(Double(crossing + 1) * step, lastOut + EventDetector.leastRest)
          #expect(delay <= 0.2 && event.end <= now && event.end >= now - 0.2 - EventDetector.rise - EventDetector.smoothing, "step \(step): \(delay) s")
          lastOut = now
          #expect(event.peak >= event.end - 1e-9 && event.peak <= Double(index + 1) * step && event.score >= 0.5)
          count += 1
        }
      }
      #expect(count > 20)
    }
  }

  @Test func theSameHoweverCut() {
    var random = RandomNumbers(seed: 4), scores: [Float] = [], level: Float = 0
    for _ in 0..<5000 {
      if random.uniform() < 0.04 { level = random.uniform() }
      scores.append(level)
    }
    let whole = events(scores)
    #expect(whole.count > 10)
    for _ in 0..<20 {
      var detector = EventDetector(threshold: 0.5, stepSeconds: Self.step, phraseSeconds: 0.5, smoothing: 0.06), found: [TriggerEvent] = [], place = 0
      while place < scores.count {
        let next = min(scores.count, place + random.index(below: 70))
        found += detector.push(scores[place..<next])
        place = next
      }
      if let last = detector.finish() { found.append(last) }
      #expect(found == whole)
    }
  }

  @Test func theEndDecides() {
    let cut = scores(1.06, [(1, 2, 0.9)]), found = events(cut)
    #expect(found.count == 1 && abs(found[0].end - 1) < 1e-9)
    #expect(events(scores(1.02, [(1, 2, 0.9)])).isEmpty)
  }

  @Test func whatIsNotANumberIsNoEvent() {
    var bad = scores(5, [(3, 3.3, 0.9)])
    bad[20] = .nan
    #expect(events(bad).count == 1)
    #expect(events([Float](repeating: .nan, count: 500)).isEmpty)
  }
}
