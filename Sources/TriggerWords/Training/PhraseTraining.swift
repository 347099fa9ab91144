public import Kernels
public import Learning
import Tensors

/// Everything from a phrase to a network that hears it: who says it, in which clips, what is learned, and an honest test on speakers who were not learned from.
///
/// ```swift
/// var training = try PhraseTraining("hey computer", voices: .installed())
/// let result = try training.run { stage in show(stage); return true }
/// try result.model.save(to: "hey-computer.safetensors")
/// ```
/// The same phrase, settings, seed and versions of the synthesisers give the same network.
public struct PhraseTraining: Sendable {
  public let phrase: String
  /// Who speaks what is learned, and who what is tested.
  public let voices, testVoices: VoiceSet
  public var folders = ClipMaterial.Folders()
  /// How many utterances of the phrase are spoken to choose from, and twice as many others.
  public var utterances = 2000
  /// How many clips are learned from, how many choose the best epoch, and how many, of everyday speech, the threshold; ten seconds each.
  public var clips = 5000, devClips = 720, thresholdClips = 1440
  /// How many clips with the phrase are tested, how many of everyday speech, and how many of words that sound like the phrase.
  public var testClips = (phrase: 150, everyday: 720, near: 60)
  public var learning = TriggerTraining()
  /// How many causal networks learn, each from a beginning, speech and clips of its own, and answer together: those that learned from the same
  /// would be wrong together.
  public var members = 3
  /// The threshold is the lowest with at most so many false accepts in an hour of everyday speech and prompts, that were not learned from.
  public var falseAcceptsPerHour = 0.5
  /// A network to go on from.
  public var start: TriggerNetwork?
  public var seed: UInt64 = 1

  /// Where a few hours of clips would allow less, more hours would not; and above the most nothing would be heard.
  private static let leastThreshold: Float = 0.3, mostThreshold: Float = 0.98

  /// Of the utterances, those that choose the best epoch and the threshold.
  private static let heldOutShare = 0.15
  /// From the seeds of one member's speech and clips to the next one's.
  private static let memberSeeds: UInt64 = 1000

  /// - Parameter heldOut: speakers that are only tested with; nil: a fifth of them, by the seed.
  /// - Throws: ``SpeechError`` when a speaker is unknown or too few are left.
  public init(_ phrase: String, voices: VoiceSet, heldOut: VoiceSet? = nil, seed: UInt64 = 1) throws(SpeechError) {
    try Utterance.check(phrase)
    self.phrase = phrase
    self.seed = seed
    learning.seed = seed
    guard let heldOut else {
      (self.voices, testVoices) = try voices.split(holdingOut: 0.2, seed: seed)
      return
    }
    let speakers = Set(heldOut.speakers), rest = voices.voices.filter { !speakers.contains($0.speaker) }
    guard !rest.isEmpty else { throw SpeechError.tooFewSpeakers(found: voices.speakers.count) }
    self.voices = VoiceSet(rest)
    testVoices = heldOut
  }

  /// Learns from so many clips. Of few clips, what is learned is chosen and tested by fewer too.
  public mutating func setClips(_ count: Int) {
    func atMost(_ number: Int, oneIn part: Int) -> Int { min(number, max(8, count / part)) }
    (clips, devClips, thresholdClips) = (count, atMost(devClips, oneIn: 4), atMost(thresholdClips, oneIn: 2))
    testClips = (atMost(testClips.phrase, oneIn: 16), atMost(testClips.everyday, oneIn: 4), atMost(testClips.near, oneIn: 32))
  }

  /// What is being done, and for which member.
  public enum Stage: Sendable {
    case speech(done: Int, of: Int, member: Int)
    case clips(done: Int, of: Int, member: Int)
    case learning(TrainingProgress, TrainingHistory, member: Int)
    case test(done: Int, of: Int)
  }

  public struct Result: Sendable {
    public let model: TriggerModel
    public let history: TrainingHistory
    /// Of the speakers who were not learned from; nil where `progress` ended the run.
    public let test: Test?
    /// Files that were left out, and why.
    public let problems: [String]
    public var isComplete: Bool { test != nil }
  }

  /// An honest test, through the detector that users run.
  public struct Test: Sendable {
    /// Clips with the phrase, and clips of everyday speech.
    public let everyday: TriggerEvaluation
    /// Words that sound like the phrase: how many were said, and how many were taken for it.
    public let near: (said: Int, taken: Int)
  }

  /// - Parameter progress: told of each stage; false ends the run: before there is a network with ``SpeechError/interrupted``.
  /// - Throws: ``SpeechError``, ``TrainingError``, `SpectraError`.
  public func run(processor: Processor = .default, progress: (Stage) -> Bool) throws -> Result {
    var isWanted = true
    func speech(by voices: VoiceSet, _ utterances: Int, _ folders: ClipMaterial.Folders, seed: UInt64, member: Int = 0) throws -> ClipMaterial {
      try ClipMaterial(
        phrase: phrase, voices: voices, utterances: (utterances, 2 * utterances), folders: folders, sampleRate: settings.sampleRate, seed: seed,
        atOnce: processor.threads.threadCount, progress: { _, done, total in isWanted = isWanted && progress(.speech(done: done, of: total, member: member)) },
        isStopped: { !isWanted })
    }
    func examples(_ count: Int, _ maker: ClipMaker, from first: Int, of total: Int, member: Int) throws -> TriggerExamples {
      let made = try TriggerExamples.make(count, seconds: maker.settings.seconds, for: learning.network, processor: processor) { maker.clip($0) } progress: {
        progress(.clips(done: first + $0, of: total, member: member))
      }
      guard let made else { throw SpeechError.interrupted }
      return made
    }

    var settings = ClipSettings()
    settings.sampleRate = learning.network.frontEnd.sampleRate
    let spoken = try speech(by: voices, utterances, folders, seed: seed), lessonClips = clips + devClips
    // Utterances of their own, in clips of their own: what chooses the best epoch and the threshold is not learned from.
    let first = spoken.split(holdingOut: Self.heldOutShare)
    let everyday = try examples(
      thresholdClips, maker(first.heldOut.negatives(near: false), settings.withoutPhrase, seed: seed &+ 2), from: 0, of: thresholdClips + lessonClips,
      member: 0)
    var (network, history, isComplete) = try learnAll(processor: processor, progress: progress) { member in
      let seed = seed &+ Self.memberSeeds &* UInt64(member), done = member == 0 ? thresholdClips : 0, total = done + lessonClips
      let parts = try member == 0 ? first : speech(by: voices, utterances, folders, seed: seed, member: member).split(holdingOut: Self.heldOutShare)
      return (
        train: try examples(clips, maker(parts.training, settings, seed: seed), from: done, of: total, member: member),
        dev: try examples(devClips, maker(parts.heldOut, settings, seed: seed &+ 1), from: done + clips, of: total, member: member)
      )
    }
    // Before the threshold is chosen and the test is made: of what users will have.
    network.roundToHalves()
    let seconds = spoken.phraseSeconds
    let curve = try TriggerEvaluation(ScoreAll(everyday, processor: processor).clipScores(network), phraseSeconds: seconds).curve()
    let chosen = TriggerEvaluation.threshold(in: curve, falseAcceptsPerHour: falseAcceptsPerHour)?.threshold ?? Self.mostThreshold
    let model = TriggerModel(
      phrase: phrase, network: network, threshold: min(max(chosen, Self.leastThreshold), Self.mostThreshold), phraseSeconds: seconds,
      notes: [
        "seed": "\(seed)", "speakers learned from": voices.speakers.joined(separator: " "), "clips": "\(clips) of \(Int(settings.seconds)) seconds",
        "utterances": "\(utterances) of the phrase, \(2 * utterances) others", "epochs": "\(history.epochs.count)",
      ])
    let test = isComplete
      ? try test(model, speech(by: testVoices, max(100, utterances / 8), .init(), seed: seed &+ 3), settings, processor: processor, progress: progress) : nil
    return Result(model: model, history: history, test: test, problems: spoken.problems)
  }

  /// The networks that learned, as one, and the history of the first. Where `progress` ends the run, those that had learned to their end; before
  /// there is one, the best so far.
  private func learnAll(
    processor: Processor, progress: (Stage) -> Bool, lesson: (_ member: Int) throws -> (train: TriggerExamples, dev: TriggerExamples)
  ) throws -> (network: TriggerNetwork, history: TrainingHistory, isComplete: Bool) {
    if let start, learning.epochs == 0 { return (start, TrainingHistory(), true) }
    var networks: [TriggerNetwork] = [], history = TrainingHistory(), isComplete = true
    while isComplete, networks.count < members {
      let member = networks.count
      var own = learning
      own.seed = learning.seed &+ UInt64(member)
      do {
        let examples = try lesson(member), begun = start.map { $0.members[member % $0.members.count] }
        let run = try own.run(from: begun, train: examples.train, dev: examples.dev, processor: processor) {
          progress(.learning($0, $1, member: member))
        }
        isComplete = run.isComplete
        if member == 0 { history = run.history }
        // A member that has hardly learned would spoil the others' answers.
        if isComplete || member == 0 { networks.append(run.network) }
      } catch SpeechError.interrupted where member > 0 { isComplete = false }
    }
    return (TriggerNetwork(networks), history, isComplete)
  }

  private func maker(_ material: ClipMaterial, _ settings: ClipSettings, seed: UInt64) throws(SpeechError) -> ClipMaker {
    try ClipMaker(positives: material.positives, negatives: material.negatives, backgrounds: material.backgrounds, settings: settings, seed: seed)
  }

  /// What the model does with clips of speakers it does not know; nil if `progress` ended it.
  private func test(
    _ model: TriggerModel, _ material: ClipMaterial, _ settings: ClipSettings, processor: Processor, progress: (Stage) -> Bool
  ) throws -> Test? {
    var said = settings
    said.positives = 1...2
    let everyday = material.negatives(near: false), stream = try model.scores(processor: processor)
    let total = testClips.phrase + testClips.everyday + testClips.near
    var done = 0
    func scores(_ count: Int, _ maker: ClipMaker) throws -> [(clip: TrainingClip, scores: ClipScores)]? {
      var result: [(clip: TrainingClip, scores: ClipScores)] = []
      for number in 0..<count {
        guard progress(.test(done: done, of: total)) else { return nil }
        let clip = maker.clip(number)
        let scores = ClipScores(
          path: "clip \(number)", seconds: clip.seconds, stepSeconds: stream.stepSeconds, scores: stream.push(clip.samples) + stream.finish(),
          phrases: clip.phrases)
        result.append((clip, scores))
        done += 1
      }
      return result
    }
    guard let positives = try scores(testClips.phrase, maker(everyday, said, seed: seed &+ 4)),
      let others = try scores(testClips.everyday, maker(everyday, settings.withoutPhrase, seed: seed &+ 5)),
      let near = try scores(testClips.near, maker(material.negatives(near: true), settings.withoutPhrase, seed: seed &+ 6))
    else { return nil }
    _ = progress(.test(done: total, of: total))
    let wrong = try TriggerEvaluation(near.map(\.scores), phraseSeconds: model.phraseSeconds).counts(at: model.threshold).falseAccepts
    return Test(
      everyday: try TriggerEvaluation((positives + others).map(\.scores), phraseSeconds: model.phraseSeconds),
      near: (said: near.reduce(0) { $0 + $1.clip.negatives.count }, taken: wrong))
  }
}

extension ClipSettings {
  /// The same without the phrase, and with more of other speech.
  fileprivate var withoutPhrase: ClipSettings {
    var settings = self
    (settings.positives, settings.negatives, settings.cutPositiveShare) = (0...0, 3...8, 0)
    return settings
  }
}
