import Files

/// How words and phrases are said, by espeak-ng's rules and dictionary.
public struct Pronunciations: Sendable {
  /// Whether espeak-ng told; else the letters stand for phonemes.
  public let isSpoken: Bool
  private let mnemonics: [String: [[String]]]

  /// Asks for all of `texts` in one go, American English.
  ///
  /// - Throws: ``SpeechError`` when espeak-ng fails or answers fewer lines than it was asked.
  public init(of texts: [String]) throws(SpeechError) {
    isSpoken = Synthesizer.espeak.path != nil
    let texts = Array(Set(texts)).sorted()
    for text in texts { try Utterance.check(text) }
    guard isSpoken else {
      mnemonics = Dictionary(uniqueKeysWithValues: texts.map { text in (text, text.split(separator: " ").map { $0.map { String($0) } }) })
      return
    }
    let scratch = try ScratchFolder(), path = scratch.file("words")
    // One line is one clause; a comma or a full stop in it would make two of one.
    let lines = texts.map { String($0.map { $0.isLetter || $0.isNumber || $0 == "'" ? $0 : " " }) }
    do { try writeFile(path, lines.joined(separator: "\n") + "\n") } catch { throw SpeechError.file(error) }
    let answer = try runProgram(ProgramCall(arguments: ["espeak-ng", "-q", "-x", "--sep=_", "-v", "en-us"], inputFile: path))
    let spoken = answer.text.split(separator: "\n", omittingEmptySubsequences: true)
    guard answer.status == 0, spoken.count == texts.count else {
      throw SpeechError.program(
        name: "espeak-ng", problem: "\(spoken.count) pronunciations of \(texts.count) texts (status \(answer.status)): \(answer.text.suffix(200))")
    }
    mnemonics = Dictionary(
      uniqueKeysWithValues: zip(texts, spoken).map { text, line in
        (text, line.split(separator: " ").map { word in word.split(separator: "_").map(String.init) })
      })
  }

  /// espeak-ng's mnemonics with stress, word by word; nil for a text that was not asked for.
  public func mnemonics(of text: String) -> [[String]]? { mnemonics[text] }

  func phonemes(of text: String) -> [Phoneme] { (mnemonics[text] ?? []).joined().flatMap { Self.phonemes($0) } }

  /// One phoneme, or two where a mnemonic stands for a vowel and an l (`@L`).
  static func phonemes(_ mnemonic: String) -> [Phoneme] {
    if mnemonic.hasSuffix("@L") { return [Phoneme("@"), Phoneme("l")].compactMap { $0 } }
    return Phoneme(mnemonic).map { [$0] } ?? []
  }

  /// What the phonemes of two texts differ by: 0 for homophones; a phoneme left out costs 0.7 or 0.8.
  public func distance(_ one: String, _ two: String) -> Float { phonemeDistance(phonemes(of: one), phonemes(of: two)) }

  /// Whether the last sound is a stop, such as the /t/ of “activate”.
  func endsInStop(_ text: String) -> Bool { phonemes(of: text).last?.isStop == true }

  /// Whether somebody who says `text` says `phrase` too: the phrase's phonemes are in a row among the text's. Vowels that only differ by stress
  /// count as equal.
  public func contains(_ text: String, phrase: String) -> Bool {
    let whole = phonemes(of: text), part = phonemes(of: phrase)
    guard !part.isEmpty, whole.count >= part.count else { return false }
    return (0...whole.count - part.count).contains { start in
      part.indices.allSatisfy { whole[start + $0] == part[$0] || whole[start + $0].isVowel && whole[start + $0].distance(to: part[$0]) < 0.3 }
    }
  }
}
