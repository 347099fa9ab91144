/// Something to be said, and how.
public struct Utterance: Sendable, Hashable {
  public let text: String
  public let voice: Voice
  /// How fast: 1 is the voice's own rate, 2 twice as fast.
  public let rate: Double
  /// How high: a factor of the voice's own pitch. Synthesisers follow it roughly.
  public let pitch: Double
  /// Whether `text` is espeak-ng's phoneme mnemonics instead of words.
  public let isPhonemes: Bool
  /// Whether it was chosen because it sounds like the phrase.
  public let isNear: Bool

  public init(_ text: String, voice: Voice, rate: Double = 1, pitch: Double = 1, isPhonemes: Bool = false, isNear: Bool = false) {
    self.text = text
    self.voice = voice
    self.rate = rate
    self.pitch = pitch
    self.isPhonemes = isPhonemes
    self.isNear = isNear
  }

  /// - Throws: ``SpeechError/text(_:problem:)`` when no synthesiser could say it.
  static func check(_ text: String) throws(SpeechError) {
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { throw SpeechError.text(text, problem: "it has no letters; write words") }
    guard text.utf8.count <= 500 else { throw SpeechError.text(text, problem: "it is longer than 500 bytes; write a few words") }
    guard !text.unicodeScalars.contains(where: { $0.value < 32 || $0 == "<" || $0 == "[" || $0 == "]" }) else {
      throw SpeechError.text(text, problem: "line breaks, control characters, < and brackets mean something else to synthesisers; leave them out")
    }
  }
}
