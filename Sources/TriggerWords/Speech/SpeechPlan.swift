import Tensors

/// What is to be spoken to learn a phrase: utterances of it and of everything else, drawn by a seed.
///
/// | of the negatives | what |
/// |---|---|
/// | 18 % | words that sound like the phrase, the nearest most often; parts of it; its words in another order |
/// | 4 % | made-up words near the phrase, where espeak-ng or mbrola speaks |
/// | 10 % | two words that sound like the phrase together, alone or with another before or after |
/// | 28 % | one to eight words, common ones or of the system's dictionary |
/// | the rest | clauses of the system's fortune cookies, and one in four times our own sentences |
public struct SpeechPlan: Sendable {
  public let phrase: String
  public let positives, negatives: [Utterance]
  /// The range that rates are drawn from, evenly; pitches are drawn from 0.8 to 1.25.
  public static let rates: Range<Float> = 0.75..<1.35
  public static let pitches: Range<Float> = 0.8..<1.25

  /// - Throws: ``SpeechError`` when the phrase cannot be spoken, or the synthesiser that tells phonemes fails.
  public init(_ phrase: String, voices: VoiceSet, positives: Int, negatives: Int, seed: UInt64) throws(SpeechError) {
    try self.init(phrase, voices: voices, positives: positives, negatives: negatives, near: HardNegatives(for: phrase, seed: seed), seed: seed)
  }

  /// - Parameter near: what sounds like the phrase.
  public init(_ phrase: String, voices: VoiceSet, positives: Int, negatives: Int, near: HardNegatives, seed: UInt64) throws(SpeechError) {
    try Utterance.check(phrase)
    self.phrase = phrase
    var random = RandomNumbers(seed: seed)
    let spelling = voices.voices.filter { [.espeak, .mbrola].contains($0.synthesizer) && !$0.isForeign }
    let spellers = spelling.isEmpty ? nil : VoiceSet(spelling)
    // espeak-ng says how they sound; no more of them than can matter.
    let rareWords = systemWords(atMost: min(4000, 8 * negatives), seed: seed), written = systemClauses(atMost: min(2000, 4 * negatives), seed: seed)
    let known = try Pronunciations(of: everydaySentences + commonWords + rareWords + written + [phrase])
    // Words in a row could say a phrase of several words: its own words are among `parts` only.
    let own = Set(phrase.lowercased().split(separator: " ").map(String.init))
    func free(_ texts: [String]) -> [String] { texts.filter { !known.contains($0, phrase: phrase) && !own.contains($0) } }
    let common = free(commonWords), rare = free(rareWords)
    let sentences = free(everydaySentences), clauses = free(written)
    /// The voice's manner of this time.
    func utterance(_ text: String, by voice: Voice? = nil, isPhonemes: Bool = false, isNear: Bool = false) -> Utterance {
      let voice = voice ?? voices.sample(using: &random)
      let rate = Double(random.uniform(in: Self.rates)), pitch = Double(random.uniform(in: Self.pitches))
      // A question, an order and a list differ by melody.
      let mark = isPhonemes ? "" : ["", "", ".", "!", "?", ","][Int(random.next() % 6)]
      return Utterance(
        text + mark, voice: voice, rate: (rate * 100).rounded() / 100, pitch: (pitch * 100).rounded() / 100, isPhonemes: isPhonemes, isNear: isNear)
    }
    func one<Element>(of list: [Element]) -> Element { list[Int(random.next() % UInt64(list.count))] }
    self.positives = (0..<positives).map { _ in utterance(phrase) }
    self.negatives = (0..<negatives).map { _ in
      let draw = random.uniform(), nearness = random.uniform()
      if draw < 0.18, !near.words.isEmpty {
        // Half of the time a part, where the phrase has several words; words by the square of an even number, so that near ones come more often.
        if !near.parts.isEmpty, random.uniform() < 0.5 { return utterance(one(of: near.parts), isNear: true) }
        return utterance(near.words[Int(nearness * nearness * Float(near.words.count))], isNear: true)
      }
      if draw < 0.22, !near.nonsense.isEmpty, let spellers {
        return utterance(one(of: near.nonsense), by: spellers.sample(using: &random), isPhonemes: true, isNear: true)
      }
      if draw < 0.32, !near.pairs.isEmpty {
        let pair = near.pairs[Int(nearness * nearness * Float(near.pairs.count))]
        return utterance([pair, "\(one(of: common)) \(pair)", "\(pair) \(one(of: common))"][Int(random.next() % 3)], isNear: true)
      }
      if draw < 0.6 {
        let words = draw < 0.46 || rare.isEmpty ? common : rare
        return utterance((0...Int(random.next() % 8)).map { _ in one(of: words) }.joined(separator: " "))
      }
      return utterance(one(of: draw < 0.9 && !clauses.isEmpty ? clauses : sentences))
    }
  }
}
