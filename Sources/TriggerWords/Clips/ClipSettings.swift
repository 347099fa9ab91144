/// What clips are like. The numbers that are ranges are drawn anew for each clip or utterance.
public struct ClipSettings: Sendable, Equatable {
  public var sampleRate = 16_000
  public var seconds = 10.0
  /// How many of each are laid, where there is room.
  public var positives = 0...4
  public var negatives = 0...6
  /// Speed with pitch and formants; tempo alone.
  public var speeds: ClosedRange<Float> = 0.82...1.22
  public var tempos: ClosedRange<Float> = 0.75...1.3
  /// The part of the utterances whose speed, and whose tempo, is changed.
  public var speedShare: Float = 0.8
  public var tempoShare: Float = 0.5
  /// The part of the clips in which nobody speaks: what is behind speech otherwise is all there is, half of the time made-up music.
  public var wordlessShare: Float = 0.12
  /// Utterances of a clip differ in loudness by so many dB.
  public var levels: ClosedRange<Float> = -8...0
  /// An utterance is louder at its end than at its beginning by so many dB: people stress as they like, synthesisers by rule.
  public var slopes: ClosedRange<Float> = -12...6
  /// dB of speech over background; the part of the clips that have no background at all.
  public var signalToNoise: ClosedRange<Float> = 0...45
  public var cleanShare: Float = 0.15
  /// dB of full scale of the largest sample.
  public var peaks: ClosedRange<Float> = -30...0
  public var reverberantShare: Float = 0.6
  public var telephoneShare: Float = 0.08
  public var lowPassShare: Float = 0.2
  public var clippingShare: Float = 0.1
  /// The part of the negatives that is a positive cut off in its first half or so, so that a network waits for the end.
  public var cutPositiveShare: Float = 0.08
  /// Where there are recordings of backgrounds, this part of the clips has one; made-up music this part of the rest, babble of several voices that part
  /// of what remains, and coloured noise what then is left.
  public var recordingShare: Float = 0.4
  public var musicShare: Float = 0.2
  public var babbleShare: Float = 0.25
  /// The part of coloured noise that swells, hums and knocks.
  public var householdShare: Float = 0.5
  /// How many rooms there are.
  public var rooms = 32
  /// Silence after an utterance before the next may begin, at least.
  public var gap = 0.08

  public init() {}

  /// Nothing is changed: utterances as they are, on silence or on the backgrounds that are given.
  public static var plain: ClipSettings {
    var settings = ClipSettings()
    (settings.speedShare, settings.tempoShare, settings.reverberantShare, settings.telephoneShare) = (0, 0, 0, 0)
    (settings.lowPassShare, settings.clippingShare, settings.cutPositiveShare, settings.cleanShare) = (0, 0, 0, 1)
    (settings.levels, settings.slopes, settings.musicShare, settings.wordlessShare) = (0...0, 0...0, 0, 0)
    settings.rooms = 0
    return settings
  }
}

/// Clips of one kind, and how often one of them is taken in comparison with other kinds.
public struct ClipSource: Sendable {
  public var clips: [SoundClip]
  public var weight: Float

  public init(_ clips: [SoundClip], weight: Float = 1) {
    self.clips = clips
    self.weight = weight
  }
}
