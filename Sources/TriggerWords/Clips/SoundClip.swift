/// A short sound of one channel that clips are made of: an utterance, a piece of a recording.
public struct SoundClip: Sendable, Equatable {
  /// At the rate of the library or maker that holds it.
  public var samples: [Float]
  /// What is said, or the file's name.
  public var name: String
  /// Whose voice it is: see ``Voice/speaker``; a file's folder for recordings.
  public var speaker: String
  /// Whether it sounds like the phrase without being it.
  public var isNear: Bool

  public init(_ samples: [Float], name: String, speaker: String, isNear: Bool = false) {
    self.samples = samples
    self.name = name
    self.speaker = speaker
    self.isNear = isNear
  }
}
