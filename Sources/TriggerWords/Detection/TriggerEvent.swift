/// One utterance of the phrase. Times are seconds from the start of the sound.
public struct TriggerEvent: Sendable, Hashable {
  /// ``end`` less the phrase's usual length, but not before the sound or the end of the event before.
  public var start: Double
  /// When the phrase had been said.
  public var end: Double
  /// When the score was highest.
  public var peak: Double
  /// The highest score, from 0 to 1.
  public var score: Float

  public init(start: Double, end: Double, peak: Double, score: Float) {
    self.start = start
    self.end = end
    self.peak = peak
    self.score = score
  }
}
