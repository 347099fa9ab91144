/// A clip to learn from, and what is in it.
public struct TrainingClip: Sendable, Equatable {
  /// Something that was said: when, in seconds, without the reverberation after it.
  public struct Occurrence: Sendable, Equatable {
    public let start, end: Double
    /// As the clip that was laid is called.
    public let name, speaker: String

    public init(start: Double, end: Double, name: String = "", speaker: String = "") {
      self.start = start
      self.end = end
      self.name = name
      self.speaker = speaker
    }
  }

  /// What is heard behind the speech.
  public enum Background: String, Sendable, Equatable, CaseIterable {
    case silence, noise, recording, music, babble
  }

  public let sampleRate: Int
  /// One channel.
  public let samples: [Float]
  /// In the order of time, without overlap.
  public let positives, negatives: [Occurrence]
  public let background: Background
  /// The speech's level over the background's, in dB; nil where one of them is missing.
  public let signalToNoise: Float?
  public let isReverberant, isTelephone: Bool
  /// The largest sample, in dB of full scale; nil for silence.
  public let peak: Float?

  public init(
    sampleRate: Int, samples: [Float], positives: [Occurrence], negatives: [Occurrence] = [], background: Background = .silence, signalToNoise: Float? = nil,
    isReverberant: Bool = false, isTelephone: Bool = false, peak: Float? = nil
  ) {
    self.sampleRate = sampleRate
    self.samples = samples
    self.positives = positives
    self.negatives = negatives
    self.background = background
    self.signalToNoise = signalToNoise
    self.isReverberant = isReverberant
    self.isTelephone = isTelephone
    self.peak = peak
  }

  /// When the phrase is said, in seconds.
  public var phrases: [ClosedRange<Double>] { positives.map { $0.start...max($0.start, $0.end) } }

  public var seconds: Double { Double(samples.count) / Double(sampleRate) }

  /// Labels for a network of `steps` steps: 1 for `count` steps after each positive's end: see ``insertOnes(_:segmentEnd:length:count:)``.
  public func labels(steps: Int, count: Int) -> [Float] {
    var labels = [Float](repeating: 0, count: steps)
    let length = Int((1000 * seconds).rounded())
    for positive in positives { insertOnes(&labels, segmentEnd: Int((1000 * positive.end).rounded()), length: length, count: count) }
    return labels
  }
}
