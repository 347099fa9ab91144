public import Tensors

/// Voices to speak with, drawn so that each recorded person speaks as often as the others: espeak-ng, which has the most voices but the least
/// natural ones, speaks three times in ten where there are recorded people.
public struct VoiceSet: Sendable, Equatable {
  public let voices: [Voice]
  private let parametric: [Voice]
  /// A list of voices for each person.
  private let recorded: [[Voice]]

  /// - Precondition: there is at least one voice.
  public init(_ voices: [Voice]) {
    precondition(!voices.isEmpty, "a set of voices has at least one")
    self.voices = voices
    parametric = voices.filter { $0.synthesizer == .espeak }
    let others = Dictionary(grouping: voices.filter { $0.synthesizer != .espeak }, by: \.speaker)
    recorded = others.sorted { $0.key < $1.key }.map(\.value)
  }

  /// All voices of the synthesisers that are installed.
  ///
  /// - Throws: ``SpeechError/noSynthesizer(_:)`` when none is.
  public static func installed(_ wanted: [Synthesizer] = Synthesizer.allCases) throws(SpeechError) -> VoiceSet {
    var voices: [Voice] = []
    for synthesizer in wanted where synthesizer.path != nil { voices += try synthesizer.voices() }
    guard !voices.isEmpty else { throw SpeechError.noSynthesizer(wanted) }
    return VoiceSet(voices)
  }

  public var speakers: [String] { Array(Set(voices.map(\.speaker))).sorted() }

  /// The voices whose identifier, synthesiser, name or speaker is among `names`.
  ///
  /// - Throws: ``SpeechError/unknownVoice(_:known:)`` for a name that none has.
  public func named(_ names: [String]) throws(SpeechError) -> VoiceSet {
    var chosen: [Voice] = []
    for name in names {
      let found = voices.filter { [$0.identifier, $0.synthesizer.rawValue, $0.name, $0.speaker].contains(name) }
      guard !found.isEmpty else { throw SpeechError.unknownVoice(name, known: Synthesizer.allCases.map(\.rawValue) + voices.map(\.identifier)) }
      chosen += found.filter { !chosen.contains($0) }
    }
    guard !chosen.isEmpty else { throw SpeechError.unknownVoice("", known: voices.map(\.identifier)) }
    return VoiceSet(chosen)
  }

  /// Two sets that share no speaker. Of espeak-ng's speakers and of the recorded persons the same part is held out, at least one of each where
  /// there are two.
  ///
  /// - Parameter part: of the speakers, from 0 to 1.
  /// - Throws: ``SpeechError/tooFewSpeakers(found:)`` when one side would have none.
  public func split(holdingOut part: Double, seed: UInt64) throws(SpeechError) -> (training: VoiceSet, heldOut: VoiceSet) {
    var random = RandomNumbers(seed: seed), held: Set<String> = []
    for isParametric in [true, false] {
      let group = Set(voices.filter { ($0.synthesizer == .espeak) == isParametric }.map(\.speaker)).sorted().shuffled(using: &random)
      guard group.count > 1 else { continue }
      held.formUnion(group.prefix(min(max(Int((part * Double(group.count)).rounded()), 1), group.count - 1)))
    }
    let out = voices.filter { held.contains($0.speaker) }, rest = voices.filter { !held.contains($0.speaker) }
    guard !out.isEmpty, !rest.isEmpty else { throw SpeechError.tooFewSpeakers(found: speakers.count) }
    return (VoiceSet(rest), VoiceSet(out))
  }

  /// The voices of `synthesizer`, and those of the others that share no speaker with them.
  ///
  /// - Throws: ``SpeechError/tooFewSpeakers(found:)`` when one side would have none.
  public func holdingOut(_ synthesizer: Synthesizer) throws(SpeechError) -> (training: VoiceSet, heldOut: VoiceSet) {
    let out = voices.filter { $0.synthesizer == synthesizer }, held = Set(out.map(\.speaker))
    let rest = voices.filter { !held.contains($0.speaker) }
    guard !out.isEmpty, !rest.isEmpty else { throw SpeechError.tooFewSpeakers(found: speakers.count) }
    return (VoiceSet(rest), VoiceSet(out))
  }

  /// One voice, by chance.
  public func sample(using random: inout RandomNumbers) -> Voice {
    let isParametric = recorded.isEmpty || !parametric.isEmpty && random.uniform() < 0.3
    let group = isParametric ? parametric : recorded[Int(random.next() % UInt64(recorded.count))]
    return group[Int(random.next() % UInt64(group.count))]
  }

  public static func == (one: VoiceSet, other: VoiceSet) -> Bool { one.voices == other.voices }
}
