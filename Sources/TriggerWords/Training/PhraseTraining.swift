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
  public var utterances = 1600
  /// How many clips are learned from, and how many choose the best epoch and the threshold; ten seconds each.
  public var clips = 4000, devClips = 720
  /// How many clips with the phrase are tested, and how many without.
  public var testClips = (phrase: 150, other: 360)
  public var learning = TriggerTraining()
  /// The threshold is the lowest with at most so many false accepts an hour, in the clips that choose it.
  public var falseAcceptsPerHour = 0.5
  /// A network to go on from.
  public var start: TriggerNetwork?
  public var seed: UInt64 = 1

  /// Where a few hours of clips would allow less, more hours would not.
  private static let leastThreshold: Float = 0.3

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

  /// What is being done.
  public enum Stage: Sendable {
    case speech(done: Int, of: Int)
    case clips(done: Int, of: Int)
    case learning(TrainingProgress, TrainingHistory)
    case test(done: Int, of: Int)
  }

  public struct Result: Sendable {
    public let model: TriggerModel
    public let history: TrainingHistory
    /// Of the speakers who were not learned from; nil where `progress` ended the run.
    public let test: TriggerEvaluation?
    /// Files that were left out, and why.
    public let problems: [String]
    public let isComplete: Bool
  }

  /// - Parameter progress: told of each stage; false ends the run: before there is a network with ``PhraseTrainingError/interrupted``.
  /// - Throws: ``SpeechError``, ``TrainingError``, `SpectraError`, ``PhraseTrainingError``.
  public func run(processor: Processor = .default, progress: (Stage) -> Bool) throws -> Result {
    let rate = learning.network.frontEnd.sampleRate
    var isWanted = true
    func material(_ voices: VoiceSet, _ utterances: Int, _ folders: ClipMaterial.Folders, seed: UInt64) throws -> ClipMaterial {
      let made = try ClipMaterial(
        phrase: phrase, voices: voices, utterances: (utterances, 2 * utterances), folders: folders, sampleRate: rate, seed: seed,
        atOnce: processor.threads.threadCount
      ) { _, done, total in isWanted = isWanted && progress(.speech(done: done, of: total)) }
      guard isWanted else { throw PhraseTrainingError.interrupted }
      return made
    }
    func examples(_ count: Int, _ maker: ClipMaker, from first: Int, of total: Int) throws -> TriggerExamples {
      let made = try TriggerExamples.make(count, seconds: maker.settings.seconds, for: learning.network, processor: processor) { maker.clip($0) } progress: {
        progress(.clips(done: first + $0, of: total))
      }
      guard let made else { throw PhraseTrainingError.interrupted }
      return made
    }

    let spoken = try material(voices, utterances, folders, seed: seed)
    var settings = ClipSettings()
    settings.sampleRate = rate
    // Utterances of their own, in clips of their own: what chose the best epoch was not learned from.
    let halves = spoken.split(holdingOut: 0.15)
    let total = clips + devClips
    let train = try examples(clips, maker(halves.training, settings, seed: seed), from: 0, of: total)
    let dev = try examples(devClips, maker(halves.heldOut, settings, seed: seed &+ 1), from: clips, of: total)
    let run = try learning.run(from: start, train: train, dev: dev, processor: processor) { progress(.learning($0, $1)) }
    let seconds = spoken.phraseSeconds
    let chosen = try TriggerEvaluation(ScoreAll(dev, processor: processor).clipScores(run.network), phraseSeconds: seconds)
    let threshold = max(Self.leastThreshold, TriggerEvaluation.threshold(in: chosen.curve(), falseAcceptsPerHour: falseAcceptsPerHour)?.threshold ?? 0.9)
    let model = TriggerModel(
      phrase: phrase, network: run.network, threshold: threshold, phraseSeconds: seconds,
      notes: [
        "seed": "\(seed)", "speakers learned from": voices.speakers.joined(separator: " "), "clips": "\(clips) of \(Int(settings.seconds)) seconds",
        "utterances": "\(utterances) of the phrase, \(2 * utterances) others", "epochs": "\(run.history.epochs.count)",
      ])
    guard run.isComplete else { return Result(model: model, history: run.history, test: nil, problems: spoken.problems, isComplete: false) }
    let test = try evaluation(of: model, material(testVoices, max(100, utterances / 8), .init(), seed: seed &+ 2), processor: processor, progress: progress)
    return Result(model: model, history: run.history, test: test, problems: spoken.problems, isComplete: test != nil)
  }

  private func maker(_ material: ClipMaterial, _ settings: ClipSettings, seed: UInt64) throws(SpeechError) -> ClipMaker {
    try ClipMaker(positives: material.positives, negatives: material.negatives, backgrounds: material.backgrounds, settings: settings, seed: seed)
  }

  /// What the model does with clips of speakers it does not know, through the same path as a user's sound.
  private func evaluation(
    of model: TriggerModel, _ material: ClipMaterial, processor: Processor, progress: (Stage) -> Bool
  ) throws -> TriggerEvaluation? {
    var settings = ClipSettings()
    settings.sampleRate = model.network.frontEnd.sampleRate
    settings.positives = 1...2
    let yes = try maker(material, settings, seed: seed &+ 3)
    settings.positives = 0...0
    settings.negatives = 3...8
    let no = try maker(material, settings, seed: seed &+ 4)
    var clips: [ClipScores] = []
    let total = testClips.phrase + testClips.other, stream = try model.scores(processor: processor)
    for number in 0..<total {
      guard progress(.test(done: number, of: total)) else { return nil }
      let clip = number < testClips.phrase ? yes.clip(number) : no.clip(number)
      clips.append(
        ClipScores(
          path: "clip \(number)", seconds: clip.seconds, stepSeconds: stream.stepSeconds, scores: stream.push(clip.samples) + stream.finish(),
          phrases: clip.positives.map { $0.start...max($0.start, $0.end) }))
    }
    _ = progress(.test(done: total, of: total))
    return try TriggerEvaluation(clips, phraseSeconds: model.phraseSeconds)
  }
}

public enum PhraseTrainingError: Error, CustomStringConvertible {
  /// Before there was a network.
  case interrupted

  public var description: String { "interrupted before there was a network; nothing was written" }
}
