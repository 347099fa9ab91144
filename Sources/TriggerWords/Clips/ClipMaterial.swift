import Files

/// What clips of a phrase are made of: spoken utterances, the user's recordings, recorded prompts.
public struct ClipMaterial: Sendable {
  /// Where recordings are; nil where there are none.
  public struct Folders: Sendable, Equatable {
    public var positives, negatives, backgrounds: String?
    /// Recorded prompts as negatives: people's voices; those whose file names have a word of the phrase are left out.
    public var prompts: String?
    /// Of more recorded prompts so many are used.
    public var mostPrompts = Int.max

    public init(positives: String? = nil, negatives: String? = nil, backgrounds: String? = nil, prompts: String? = nil) {
      self.positives = positives
      self.negatives = negatives
      self.backgrounds = backgrounds
      self.prompts = prompts
    }
  }

  public let sampleRate: Int
  public private(set) var positives: [ClipSource] = []
  public private(set) var negatives: [ClipSource] = []
  public private(set) var backgrounds: [SoundClip] = []
  /// What was spoken: the phrase, and everything else; nil where no voice spoke.
  public private(set) var spoken: (positives: SpeechLibrary, negatives: SpeechLibrary)?
  /// Files that were left out, and why.
  public private(set) var problems: [String] = []

  /// - Parameters:
  ///   - phrase: what is to be detected.
  ///   - voices: who speaks; nobody if nil, for recordings alone.
  ///   - utterances: how many are spoken of the phrase, and of everything else.
  ///   - count: how many synthesisers run, and files are read, at a time.
  ///   - progress: is told what is being done, how much of it is done, and how much there is.
  ///   - isStopped: is asked from time to time; if so, ``SpeechError/interrupted`` is thrown.
  /// - Throws: ``SpeechError``.
  public init(
    phrase: String, voices: VoiceSet?, utterances: (positives: Int, negatives: Int) = (1200, 2400), folders: Folders = .init(),
    sampleRate: Int = 16_000, seed: UInt64, atOnce count: Int = 2, progress: (_ stage: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in },
    isStopped: () -> Bool = { false }
  ) throws(SpeechError) {
    self.sampleRate = sampleRate
    if let folder = folders.positives { positives.append(ClipSource(take(try SoundFolder(folder, sampleRate: sampleRate, atOnce: count)))) }
    if let folder = folders.negatives {
      negatives.append(ClipSource(take(try SoundFolder(folder, sampleRate: sampleRate, longest: 4, atOnce: count)), weight: 0.5))
    }
    if let folder = folders.backgrounds { backgrounds = take(try SoundFolder(folder, sampleRate: sampleRate, isTrimmed: false, atOnce: count)) }
    if let folder = folders.prompts {
      // Nobody has to know which of the prompts are silence.
      let prompts = try SoundFolder(folder, sampleRate: sampleRate, longest: 4, most: folders.mostPrompts, atOnce: count) {
        isFree(ofPhrase: phrase, fileName: $0)
      }
      negatives.append(ClipSource(prompts.clips, weight: 0.3))
    }
    guard let voices else { return }
    let plan = try SpeechPlan(phrase, voices: voices, positives: utterances.positives, negatives: utterances.negatives, seed: seed)
    let total = utterances.positives + utterances.negatives
    let yes = try SpeechLibrary(
      speaking: plan.positives, sampleRate: sampleRate, atOnce: count, progress: { progress("speech", $0, total) }, isStopped: isStopped)
    let no = try SpeechLibrary(
      speaking: plan.negatives, sampleRate: sampleRate, atOnce: count, progress: { progress("speech", utterances.positives + $0, total) },
      isStopped: isStopped)
    spoken = (yes, no)
    positives.append(ClipSource(try Self.asPeopleEnd(yes.clips, phrase: phrase, sampleRate: sampleRate)))
    negatives.append(ClipSource(no.clips))
  }

  /// Where the phrase ends in a stop, every second utterance loses its release.
  private static func asPeopleEnd(_ clips: [SoundClip], phrase: String, sampleRate: Int) throws(SpeechError) -> [SoundClip] {
    guard try Pronunciations(of: [phrase]).endsInStop(phrase) else { return clips }
    return clips.enumerated().map { index, clip in
      var clip = clip
      if index % 2 == 1, let held = withoutFinalRelease(clip.samples, sampleRate: sampleRate) { clip.samples = held }
      return clip
    }
  }

  /// How long the phrase is, on average, in seconds.
  public var phraseSeconds: Double {
    let clips = positives.flatMap(\.clips)
    return clips.isEmpty ? 0 : Double(clips.reduce(0) { $0 + $1.samples.count }) / Double(clips.count * sampleRate)
  }

  /// Two parts that share no utterance, but for the backgrounds: every so many of each kind are held out.
  ///
  /// - Parameter part: of the utterances, from 0 to ½.
  public func split(holdingOut part: Double) -> (training: ClipMaterial, heldOut: ClipMaterial) {
    let period = max(2, Int((1 / max(part, 1e-3)).rounded()))
    func taking(_ isWanted: (Int) -> Bool) -> ClipMaterial {
      var result = self
      func part(_ source: ClipSource) -> ClipSource { ClipSource(source.clips.enumerated().filter { isWanted($0.offset) }.map(\.element), weight: source.weight) }
      result.positives = positives.map(part)
      result.negatives = negatives.map(part)
      return result
    }
    return (taking { $0 % period != 0 }, taking { $0 % period == 0 })
  }

  /// With those negatives alone that sound like the phrase, or with none of these.
  public func negatives(near isNear: Bool) -> ClipMaterial {
    var result = self
    result.negatives = negatives.map { ClipSource($0.clips.filter { $0.isNear == isNear }, weight: $0.weight) }
    return result
  }

  private mutating func take(_ folder: SoundFolder) -> [SoundClip] {
    problems += folder.problems
    return folder.clips
  }
}
