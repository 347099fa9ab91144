/// A sound, and where in it the phrase was said.
public struct LabeledClip: Sendable {
  /// Of one channel.
  public var samples: [Float]
  public let sampleRate: Int
  /// In seconds, in order, without overlap.
  public var phrases: [ClosedRange<Double>]

  public init(samples: [Float], sampleRate: Int, phrases: [ClosedRange<Double>]) {
    self.samples = samples
    self.sampleRate = sampleRate
    self.phrases = phrases
  }
}
