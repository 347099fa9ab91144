import Foundation
import Learning
import Tensors
import Testing
import TriggerWords

@Suite struct TriggerEvaluationTests {
  private static let step = 0.02

  /// Scores of `seconds`, high for 0.3 s from each of `peaks` on.
  private func clip(_ seconds: Double, _ peaks: [(time: Double, score: Float)], said: [ClosedRange<Double>], path: String = "a.wav") -> ClipScores {
    let scores = (0..<Int((seconds / Self.step).rounded())).map { index -> Float in
      let time = Double(index + 1) * Self.step
      return peaks.last { time > $0.time + 1e-9 && time <= $0.time + 0.3 + 1e-9 }?.score ?? 0
    }
    return ClipScores(path: path, seconds: seconds, stepSeconds: Self.step, scores: scores, phrases: said)
  }

  @Test func countsAndMistakes() throws {
    let clips = [
      clip(10, [(2, 0.9), (5, 0.7), (8, 0.8)], said: [1.4...2, 7...7.7]),  // the second of the three is wrong
      clip(20, [(3, 0.3)], said: [2.5...3]),  // too low
      clip(3570, [(100, 0.6), (2000, 0.95)], said: []),
    ]
    let evaluation = try TriggerEvaluation(clips, phraseSeconds: 0.6)
    #expect(abs(evaluation.hours - 1) < 1e-12 && evaluation.phraseCount == 3)
    let counts = evaluation.counts(at: 0.5)
    #expect(counts.hits == 2 && counts.falseRejects == 1 && counts.falseAccepts == 3 && counts.falseAcceptsPerHour == 3)
    let rejects = try #require(counts.falseRejectInterval), accepts = try #require(counts.falseAcceptInterval)
    let wilson = try ConfidenceInterval.wilson(successes: 1, trials: 3), garwood = try ConfidenceInterval.garwood(events: 3, exposure: 1)
    #expect(rejects == wilson && abs(accepts.lower - garwood.lower) < 1e-9 && abs(accepts.upper - garwood.upper) < 1e-9)

    let mistakes = evaluation.mistakes(at: 0.5)
    #expect(mistakes.map(\.clip) == [0, 1, 2, 2] && mistakes.map(\.kind) == [.falseAccept, .falseReject, .falseAccept, .falseAccept])
    #expect(mistakes[1].time == 3 && abs(mistakes[1].score - 0.3) < 1e-6 && abs(mistakes[0].time - 5) < 1e-9)
    #expect(evaluation.counts(at: 0.25).falseRejects == 0)
  }

  @Test func theToleranceDecides() throws {
    for (distance, hits) in [(0.45, 1), (-0.45, 1), (0.6, 0), (-0.6, 0)] {
      let evaluation = try TriggerEvaluation([clip(10, [(5, 0.9)], said: [4...(5.02 + distance)])], phraseSeconds: 0.6)
      let counts = evaluation.counts(at: 0.5)
      #expect(counts.hits == hits && counts.falseAccepts == 1 - hits, "\(distance)")
    }
  }

  /// An event between two phrases belongs to one of them only.
  @Test func eachEventBelongsToOnePhrase() throws {
    let counts = try TriggerEvaluation([clip(10, [(5, 0.9)], said: [4...4.8, 4.9...5.3])], phraseSeconds: 0.6).counts(at: 0.5)
    #expect(counts.hits == 1 && counts.falseRejects == 1 && counts.falseAccepts == 0)
  }

  /// With peaks of different heights the curve passes through all thresholds: rejects rise, accepts fall, and the last has no false accept.
  @Test func theCurveIsMonotone() throws {
    var random = RandomNumbers(seed: 5), peaks: [(time: Double, score: Float)] = [], said: [ClosedRange<Double>] = []
    for place in 0..<300 {
      let isSaid = place % 3 == 0, time = 5 + 4 * Double(place), noise = random.uniform()
      peaks.append((time, isSaid ? 0.3 + 0.7 * noise : 0.7 * noise))
      if isSaid { said.append(time - 0.5...time) }
    }
    let evaluation = try TriggerEvaluation([clip(1300, peaks, said: said)], phraseSeconds: 0.5), curve = evaluation.curve(limit: 1000)
    #expect(curve.count > 250)
    for (low, high) in zip(curve, curve.dropFirst()) {
      #expect(low.threshold < high.threshold && low.falseRejects <= high.falseRejects && low.falseAccepts >= high.falseAccepts)
    }
    #expect(curve.first!.falseRejects == 0 && curve.last!.falseAccepts == 0 && curve.last!.falseRejects > 0)
    // Few thresholds give points of the same curve.
    let coarse = evaluation.curve(limit: 40), fine = Set(curve)
    #expect(coarse.count == 41 && coarse.allSatisfy { fine.contains($0) })

    let rate = 30.0, found = try #require(TriggerEvaluation.threshold(in: curve, falseAcceptsPerHour: rate))
    #expect(found.falseAcceptsPerHour <= rate)
    let below = curve[curve.firstIndex(of: found)! - 1]
    #expect(below.falseAcceptsPerHour > rate)
    #expect(TriggerEvaluation.threshold(in: curve, falseAcceptsPerHour: 1e9) == curve[0])
    #expect(TriggerEvaluation.threshold(in: curve, falseAcceptsPerHour: 0)?.falseAccepts == 0)
  }

  @Test func silenceHasACurveToo() throws {
    let evaluation = try TriggerEvaluation([clip(60, [], said: [1...2])], phraseSeconds: 0.5)
    #expect(evaluation.curve().map(\.falseRejects) == [1] && evaluation.mistakes(at: 0.5).map(\.score) == [0])
    #expect(throws: MetricError.noExamples) { try TriggerEvaluation([], phraseSeconds: 1) }
  }
}

@Suite struct ListedClipTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("percept-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func tables() throws {
    try withFolder { folder in
      let path = "\(folder)/list.csv"
      try Data("file,start,end\na.wav,3.5,4\nb.wav,,\na.wav, 1 , 1.5\n/c.wav\n\"d, e.wav\",0,0\n".utf8).write(to: URL(filePath: path))
      let clips = try ListedClip.load(path)
      #expect(clips.map(\.path) == ["\(folder)/a.wav", "\(folder)/b.wav", "/c.wav", "\(folder)/d, e.wav"])
      #expect(clips.map(\.phrases) == [[1...1.5, 3.5...4], [], [], [0...0]])
      for bad in ["a.wav,2,1\n", "a.wav,x,1\n", "a.wav,1\n", "a.wav,1,2,3\n", ",1,2\n", "a.wav,1,inf\n", "a.wav,-1,2\n"] {
        try Data(bad.utf8).write(to: URL(filePath: path))
        #expect(throws: ClipListError.self, "\(bad)") { try ListedClip.load(path) }
      }
    }
  }

  @Test func foldersWithLabelTracks() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/sub", withIntermediateDirectories: true)
      for name in ["a.wav", "b.FLAC", "notes.md", "sub/c.mp3"] { try Data().write(to: URL(filePath: "\(folder)/\(name)")) }
      try Data("2.000000\t2.500000\tactivate\r\n\\\t100\t200\n1\t1.25\t\n".utf8).write(to: URL(filePath: "\(folder)/a.txt"))
      let clips = try ListedClip.load(folder)
      #expect(clips.map(\.path) == ["\(folder)/a.wav", "\(folder)/b.FLAC", "\(folder)/sub/c.mp3"])
      #expect(clips.map(\.phrases) == [[1...1.25, 2...2.5], [], []])
      #expect(try ListedClip.load("\(folder)/a.wav").map(\.phrases.count) == [2])
      try Data("activate at two".utf8).write(to: URL(filePath: "\(folder)/b.txt"))
      #expect(throws: ClipListError.self) { try ListedClip.load(folder) }
    }
  }
}
