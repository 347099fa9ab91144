import TriggerWords

/// `percept.triggerword-clips/1`: what is in each clip.
struct ClipIndex: Encodable {
  struct Occurrence: Encodable {
    let start, end: Double
    let name, speaker: String
  }
  struct Clip: Encodable {
    let file: String
    let seconds: Double
    let positives, negatives: [Occurrence]
    /// nil for utterances that are not mixed.
    let background: String?
    let signalToNoise: Double?
    let isReverberant, isTelephone: Bool?
    /// Of utterances that are not mixed.
    let voice: String?
    let speechRate, pitch: Double?
  }
  struct Speaker: Encodable {
    let name: String
    let utterances: Int
  }

  let schema = "percept.triggerword-clips/1"
  let phrase: String
  let sampleRate: Int
  let seed: UInt64
  private(set) var clips: [Clip] = []
  private(set) var positives = 0, negatives = 0
  /// Who is heard how often, the most often first.
  private(set) var speakers: [Speaker] = []
  private var heard: [String: Int] = [:]

  private enum CodingKeys: CodingKey { case schema, phrase, sampleRate, seed, positives, negatives, speakers, clips }

  init(_ command: TriggerWordSynth) {
    phrase = command.phrase
    sampleRate = command.rate
    seed = command.seed
  }

  mutating func add(_ clip: TrainingClip, file: String) {
    func records(_ occurrences: [TrainingClip.Occurrence]) -> [Occurrence] {
      occurrences.map { Occurrence(start: rounded($0.start, to: 4), end: rounded($0.end, to: 4), name: $0.name, speaker: $0.speaker) }
    }
    append(
      Clip(
        file: file, seconds: clip.seconds, positives: records(clip.positives), negatives: records(clip.negatives),
        background: clip.background.rawValue, signalToNoise: clip.signalToNoise.map { rounded(Double($0), to: 2) },
        isReverberant: clip.isReverberant, isTelephone: clip.isTelephone, voice: nil, speechRate: nil, pitch: nil))
  }

  mutating func add(_ clip: SoundClip, _ utterance: Utterance, isPositive: Bool, file: String, rate: Int) {
    let seconds = rounded(Double(clip.samples.count) / Double(rate), to: 4)
    let occurrence = Occurrence(start: 0, end: seconds, name: clip.name, speaker: clip.speaker)
    append(
      Clip(
        file: file, seconds: seconds, positives: isPositive ? [occurrence] : [], negatives: isPositive ? [] : [occurrence], background: nil,
        signalToNoise: nil, isReverberant: nil, isTelephone: nil, voice: utterance.voice.identifier, speechRate: utterance.rate,
        pitch: utterance.pitch))
  }

  private mutating func append(_ clip: Clip) {
    clips.append(clip)
    positives += clip.positives.count
    negatives += clip.negatives.count
    for occurrence in clip.positives + clip.negatives { heard[occurrence.speaker, default: 0] += 1 }
    speakers = heard.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { Speaker(name: $0.key, utterances: $0.value) }
  }
}
