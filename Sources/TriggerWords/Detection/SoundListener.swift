public import Kernels

/// When the phrase was said in a sound of any rate and channels that comes block by block: a ``SoundScorer`` and an ``EventDetector``. Memory is constant.
///
/// ```swift
/// let listener = try SoundListener(model, sampleRate: 44_100, channels: 2, processor: .default)
/// while let block = microphone.next() { for event in try listener.push(block).events { print(event.end) } }
/// ```
/// One thread at a time may use it.
public final class SoundListener {
  public typealias Heard = (scores: [Float], events: [TriggerEvent])

  public let scorer: SoundScorer
  private var detector: EventDetector

  /// Seconds of sound that have come.
  public var seconds: Double { scorer.seconds }
  /// Seconds after the end of an event until it is given out, at most.
  public var latencySeconds: Double { scorer.latencySeconds + EventDetector.smoothing + EventDetector.rise + EventDetector.decision + scorer.stepSeconds }

  /// - Parameter threshold: the score from which on the phrase counts as said; the model's own if nil.
  /// - Throws: `AudioError` when the rate is too far from the network's, `SpectraError` when a library is missing.
  public init(_ model: TriggerModel, threshold: Float? = nil, sampleRate: Int, channels: Int, processor: Processor) throws {
    scorer = try SoundScorer(model, sampleRate: sampleRate, channels: channels, processor: processor)
    detector = EventDetector(threshold: threshold ?? model.threshold, stepSeconds: scorer.stepSeconds, phraseSeconds: model.phraseSeconds)
  }

  /// The scores and events that are known with these interleaved samples of whole frames.
  public func push(_ samples: [Float]) throws -> Heard {
    let scores = try scorer.push(samples)
    return (scores, detector.push(scores))
  }

  /// The rest, after the last samples. No event ends after the sound.
  public func finish() throws -> Heard {
    let scores = try scorer.finish(), seconds = seconds
    var events = detector.push(scores)
    if let last = detector.finish() { events.append(last) }
    for index in events.indices {
      events[index].end = min(events[index].end, seconds)
      events[index].start = min(events[index].start, events[index].end)
      events[index].peak = min(events[index].peak, seconds)
    }
    return (scores, events)
  }
}
