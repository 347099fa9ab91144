public import Learning

/// How often a network misses the phrase, and how often it hears it where it was not said.
///
/// An event belongs to a phrase when its end lies within ``tolerance`` of the phrase's; each belongs to one at most. A phrase without an event is a false reject,
/// an event without a phrase a false accept. Every number is counted with an ``EventDetector`` that goes over the kept scores: it is what the detector would have done at
/// that threshold, exactly.
public struct TriggerEvaluation: Sendable {
  public let clips: [ClipScores]
  /// Seconds.
  public let tolerance: Double
  /// How long the phrase usually is, in seconds.
  public let phraseSeconds: Double
  /// Of all clips together.
  public let hours: Double
  public let phraseCount: Int

  /// - Throws: ``MetricError/noExamples`` where there is no sound at all.
  public init(_ clips: [ClipScores], phraseSeconds: Double, tolerance: Double = 0.5) throws(MetricError) {
    self.clips = clips
    self.tolerance = tolerance
    self.phraseSeconds = phraseSeconds
    hours = clips.reduce(0) { $0 + $1.seconds } / 3600
    phraseCount = clips.reduce(0) { $0 + $1.phrases.count }
    guard hours > 0 else { throw .noExamples }
  }

  /// What was counted at a threshold.
  public struct Counts: Sendable, Hashable {
    public let threshold: Float
    public let hits, falseRejects, falseAccepts: Int
    public let hours: Double

    /// Of all phrases; nil where none is said.
    public var falseRejectRate: Double? { hits + falseRejects > 0 ? Double(falseRejects) / Double(hits + falseRejects) : nil }
    public var falseAcceptsPerHour: Double { Double(falseAccepts) / hours }
    /// Wilson's, of 95 %.
    public var falseRejectInterval: ConfidenceInterval? { try? .wilson(successes: falseRejects, trials: hits + falseRejects) }
    /// Garwood's, of 95 %, an hour.
    public var falseAcceptInterval: ConfidenceInterval? { try? .garwood(events: falseAccepts, exposure: hours) }
  }

  public struct Mistake: Sendable, Hashable {
    public enum Kind: String, Sendable { case falseReject = "false reject", falseAccept = "false accept" }
    public let kind: Kind
    /// The place of the clip in ``TriggerEvaluation/clips``.
    public let clip: Int
    /// When the phrase or the event ends.
    public let time: Double
    /// Of the event, or the highest near the phrase.
    public let score: Float
  }

  public func counts(at threshold: Float) -> Counts {
    var hits = 0, falseAccepts = 0
    for clip in clips {
      let matched = match(clip, threshold)
      hits += clip.phrases.count - matched.missed.count
      falseAccepts += matched.wrong.count
    }
    return Counts(threshold: threshold, hits: hits, falseRejects: phraseCount - hits, falseAccepts: falseAccepts, hours: hours)
  }

  /// By clip and time.
  public func mistakes(at threshold: Float) -> [Mistake] {
    clips.enumerated().flatMap { index, clip in
      let matched = match(clip, threshold)
      let missed = matched.missed.map { phrase in
        Mistake(kind: .falseReject, clip: index, time: phrase.upperBound, score: clip.highest(near: phrase.upperBound, tolerance: tolerance))
      }
      let wrong = matched.wrong.map { Mistake(kind: .falseAccept, clip: index, time: $0.end, score: $0.score) }
      return (missed + wrong).sorted { $0.time < $1.time }
    }
  }

  /// The phrases and events that have no partner. Both are in order of time and all reach equally far, so taking the earliest possible partner finds as many pairs as
  /// there can be.
  private func match(_ clip: ClipScores, _ threshold: Float) -> (missed: [ClosedRange<Double>], wrong: [TriggerEvent]) {
    var detector = EventDetector(threshold: threshold, stepSeconds: clip.stepSeconds, phraseSeconds: phraseSeconds)
    var missed: [ClosedRange<Double>] = [], wrong: [TriggerEvent] = [], place = 0
    for event in detector.events(ofMeans: clip.means) {
      while place < clip.phrases.count, clip.phrases[place].upperBound < event.end - tolerance {
        missed.append(clip.phrases[place])
        place += 1
      }
      if place < clip.phrases.count, clip.phrases[place].upperBound <= event.end + tolerance { place += 1 } else { wrong.append(event) }
    }
    return (missed + clip.phrases[place...], wrong)
  }
}
