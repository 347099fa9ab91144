/// Events out of scores that come block by block: one for each utterance, the same however the scores are cut. Memory is constant.
///
/// With mᵢ = (sᵢ₋ₖ₊₁ + … + sᵢ) / k, the scores' running mean over ``smoothing``, 0 before the first:
///
/// | state | what ends it |
/// |---|---|
/// | waiting | mᵢ ≥ threshold, the crossing |
/// | deciding | ``decision`` after the crossing, or m < ``release`` · threshold: the event is given out, with the highest m so far |
/// | resting | m has been below ``release`` · threshold, and ``rest`` has passed since the crossing |
///
/// An event is so known at most ``decision`` after the crossing. The phrase has ended half a window before m rose through ``release`` · threshold, which depends less on
/// the threshold than the crossing does, but not more than ``rise`` before it. What is not a number counts as low.
public struct EventDetector: Sendable {
  /// Seconds that scores are averaged over unless said otherwise: a short run of high ones is no phrase.
  public static let smoothing = 0.14
  /// Seconds from the crossing until the event is given out.
  public static let decision = 0.04
  /// The part of the threshold below which the score must fall between two events.
  public static let release: Float = 0.5
  /// Seconds from the end of a phrase to the crossing, at most.
  public static let rise = 0.3
  /// Seconds from an event to the next, at least; a longer phrase takes its own length.
  public static let leastRest = 1.0

  public let threshold: Float
  public let stepSeconds: Double
  public let phraseSeconds: Double
  private let decisionSteps, restSteps, riseSteps: Int
  private var smoother: ScoreSmoother
  private var count = 0
  private var phase = Phase.waiting
  /// Since when the mean has not been low.
  private var risen: Int?
  private var lastEnd = 0.0

  private enum Phase {
    case waiting
    case deciding(crossing: Int, end: Int, peak: Int, score: Float)
    case resting(until: Int, hasFallen: Bool)
  }

  /// - Parameters:
  ///   - threshold: above 0, at most 1.
  ///   - stepSeconds: seconds from a score to the next; score i, from 0, tells of the time (i + 1) · stepSeconds.
  ///   - phraseSeconds: how long the phrase usually is.
  ///   - smoothing: seconds that scores are averaged over.
  public init(threshold: Float, stepSeconds: Double, phraseSeconds: Double, smoothing: Double = smoothing) {
    precondition(stepSeconds > 0 && phraseSeconds >= 0, "steps of \(stepSeconds) s, a phrase of \(phraseSeconds) s")
    self.threshold = threshold
    self.stepSeconds = stepSeconds
    self.phraseSeconds = phraseSeconds
    smoother = ScoreSmoother(stepSeconds: stepSeconds, smoothing: smoothing)
    decisionSteps = Int(Self.decision / stepSeconds + 1e-9)
    riseSteps = Int(Self.rise / stepSeconds)
    restSteps = Int((max(Self.leastRest, phraseSeconds) / stepSeconds).rounded(.up))
  }

  /// The events that are known with these scores.
  public mutating func push(_ scores: some Sequence<Float>) -> [TriggerEvent] {
    var events: [TriggerEvent] = []
    for score in scores { if let event = take(smoother.push(score)) { events.append(event) } }
    return events
  }

  /// All events of a sound whose running means are known already.
  mutating func events(ofMeans means: [Float]) -> [TriggerEvent] {
    var events: [TriggerEvent] = []
    for mean in means { if let event = take(mean) { events.append(event) } }
    if let last = finish() { events.append(last) }
    return events
  }

  /// The event that was being decided at the end of the sound.
  public mutating func finish() -> TriggerEvent? {
    guard case .deciding(_, let end, let peak, let score) = phase else { return nil }
    return event(end: end, peak: peak, score: score)
  }

  private mutating func take(_ mean: Float) -> TriggerEvent? {
    defer { count += 1 }
    let isLow = !(mean >= Self.release * threshold)
    risen = isLow ? nil : risen ?? count
    switch phase {
    case .waiting:
      if mean >= threshold { phase = crossed(mean) }
    case .deciding(let crossing, let end, var peak, var score):
      if mean > score { (peak, score) = (count, mean) }
      guard isLow || count - crossing >= decisionSteps else {
        phase = .deciding(crossing: crossing, end: end, peak: peak, score: score)
        break
      }
      let event = event(end: end, peak: peak, score: score)
      phase = .resting(until: crossing + restSteps, hasFallen: isLow)
      return event
    case .resting(let until, let hasFallen):
      if count >= until, hasFallen || isLow {
        phase = mean >= threshold ? crossed(mean) : .waiting
      } else {
        phase = .resting(until: until, hasFallen: hasFallen || isLow)
      }
    }
    return nil
  }

  private func crossed(_ mean: Float) -> Phase {
    .deciding(crossing: count, end: max(risen ?? count, count - riseSteps), peak: count, score: mean)
  }

  private mutating func event(end: Int, peak: Int, score: Float) -> TriggerEvent {
    func time(_ index: Int) -> Double { max(0, Double(index + 1) * stepSeconds - smoother.delay) }
    let end = max(time(end), lastEnd), event = TriggerEvent(start: min(end, max(end - phraseSeconds, lastEnd)), end: end, peak: time(peak), score: score)
    lastEnd = end
    return event
  }
}

/// The running mean of the last scores, summed anew for each: no error adds up, and one that is not a number is soon forgotten.
struct ScoreSmoother: Sendable {
  private var recent: [Float]
  private var place = 0
  /// Seconds by which the mean is behind the scores.
  let delay: Double

  init(stepSeconds: Double, smoothing: Double = EventDetector.smoothing) {
    let width = max(1, Int((smoothing / stepSeconds).rounded()))
    recent = [Float](repeating: 0, count: width)
    delay = Double(width - 1) / 2 * stepSeconds
  }

  mutating func push(_ score: Float) -> Float {
    recent[place] = score
    place = place + 1 == recent.count ? 0 : place + 1
    var sum: Float = 0
    for offset in recent.indices {  // the oldest first, wherever the ring begins
      let index = place + offset
      sum += recent[index < recent.count ? index : index - recent.count]
    }
    return sum / Float(recent.count)
  }
}
