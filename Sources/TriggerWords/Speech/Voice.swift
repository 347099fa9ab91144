/// A voice of a synthesiser.
public struct Voice: Sendable, Hashable {
  public let synthesizer: Synthesizer
  /// As the synthesiser calls it: `en-us+f3`, `slt`, `kal_diphone`.
  public let name: String
  /// Whose voice it is: a person who was recorded, whichever program the recordings speak through, or a set of espeak-ng's parameters, whichever
  /// the accent. What is measured on one speaker's voices says nothing new when another of them was trained on.
  public let speaker: String

  /// espeak-ng's language, such as `en-us` or `de`; empty for the other synthesisers, all of whose voices speak English.
  var language: String { synthesizer == .espeak ? String(name.prefix { $0 != "+" }) : "" }

  /// Whether it is a voice of another language, which says English with that language's sounds.
  var isForeign: Bool { synthesizer == .espeak && !language.hasPrefix("en") }

  /// The same on every machine: `espeak-ng/en-us+f3`.
  public var identifier: String { "\(synthesizer.rawValue)/\(name)" }

  public init(_ synthesizer: Synthesizer, _ name: String, speaker: String) {
    self.synthesizer = synthesizer
    self.name = name
    self.speaker = speaker
  }
}
