import Tensors

/// What sounds like a phrase and is not it: words whose phonemes are near, two words that are together, parts of the phrase, its words in another order, and
/// made-up words.
public struct HardNegatives: Sendable {
  /// The nearest first.
  public let words: [String]
  /// Two words each, the nearest first: see ``soundAlikePairs(of:among:cost:atMost:)``.
  public let pairs: [String]
  /// Parts of the phrase, and words of it in another order or company.
  public let parts: [String]
  /// Made-up words, as espeak-ng's mnemonics.
  public let nonsense: [String]

  /// - Parameters:
  ///   - phrase: what is to be detected.
  ///   - candidates: words to choose from; nil: common ones, and some of the system's dictionary.
  ///   - count: of words, and of made-up words.
  /// - Throws: ``SpeechError`` when the phrase has no letters, or espeak-ng is there and fails.
  public init(for phrase: String, among candidates: [String]? = nil, count: Int = 120, seed: UInt64 = 1) throws(SpeechError) {
    try Utterance.check(phrase)
    let words = phrase.lowercased().split(separator: " ").map(String.init)
    let usable = (candidates ?? commonWords + systemWords(seed: seed)).filter { word in word.count > 1 && word.utf8.allSatisfy { $0 >= 97 && $0 <= 122 || $0 == 39 } }
    let known = try Pronunciations(of: usable + words + [phrase])
    /// Whole words are compared with the phrase and with each of its words.
    func nearness(_ word: String) -> Float {
      let whole = known.distance(word, phrase) / Float(max(known.phonemes(of: phrase).count, 1))
      return words.count < 2 ? whole : words.reduce(whole) { min($0, known.distance(word, $1) / Float(max(known.phonemes(of: $1).count, 1)) + 0.1) }
    }
    let allowed = Set(usable).filter { !known.contains($0, phrase: phrase) && !words.contains($0) && known.distance($0, phrase) > 0.25 }
    let ranked = allowed.map { (word: $0, nearness: nearness($0)) }.sorted { ($0.nearness, $0.word) < ($1.nearness, $1.word) }
    self.words = ranked.prefix(count).map(\.word)
    let sounds = known.phonemes(of: phrase), common = Set(commonWords).intersection(allowed).sorted()
    // Below that people would hear the phrase, above that nothing of it.
    let costs = 0.6..<0.4 * Float(max(sounds.count, 2))
    pairs = known.isSpoken
      ? soundAlikePairs(of: sounds, among: common.map { (text: $0, phonemes: known.phonemes(of: $0)) }, cost: costs, atMost: (4 * count, 12)) : []
    parts = try Self.parts(of: words, phrase: phrase, nearest: { word in
      let others = allowed.map { (word: $0, distance: known.distance($0, word)) }.filter { $0.distance > 0.25 }
      return others.sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }.prefix(6).map(\.word)
    })
    var random = RandomNumbers(seed: seed)
    nonsense = known.isSpoken ? Self.madeUp(known.mnemonics(of: phrase) ?? [], count: count, using: &random) : []
  }

  /// Of a phrase of several words.
  private static func parts(of words: [String], phrase: String, nearest: (String) -> [String]) throws(SpeechError) -> [String] {
    guard words.count > 1 else { return [] }
    var parts = words + [words.reversed().joined(separator: " "), words.dropLast().joined(separator: " "), words.dropFirst().joined(separator: " ")]
    for (index, word) in words.enumerated() {
      for other in nearest(word) {
        var changed = words
        changed[index] = other
        parts.append(changed.joined(separator: " "))
      }
    }
    for word in words { parts.append("\(word) \(word)") }
    let known = try Pronunciations(of: parts + [phrase])
    var seen: Set<String> = []
    return parts.filter { !known.contains($0, phrase: phrase) && known.distance($0, phrase) > 0.25 && seen.insert($0).inserted }
  }

  /// The phrase with a syllable less, cut off at either end, or with one to three phonemes replaced by others that are not like them.
  private static func madeUp(_ words: [[String]], count: Int, using random: inout RandomNumbers) -> [String] {
    let phrase = Array(words.joined()), sounds = phrase.flatMap { Pronunciations.phonemes($0) }
    guard phrase.count > 2 else { return [] }
    var made: [String] = [], seen: Set<String> = []
    func draw(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    for _ in 0..<20 * count where made.count < count {
      var changed = phrase
      switch draw(5) {
      case 0: changed.removeLast(min(2 + draw(phrase.count / 2), phrase.count - 1))
      case 1: changed.removeFirst(min(2 + draw(phrase.count / 2), phrase.count - 1))
      default:
        for _ in 0...draw(3) {
          let place = draw(changed.count)
          guard let phoneme = Phoneme(changed[place]) else { continue }
          let stress = changed[place].prefix { $0 == "'" || $0 == "," }
          let others = phoneme.isVowel ? Phoneme.someVowels : Phoneme.someConsonants
          let chosen = others[draw(others.count)]
          if let other = Phoneme(chosen), phoneme.distance(to: other) >= 0.4 { changed[place] = stress + chosen }
        }
      }
      let result = changed.flatMap { Pronunciations.phonemes($0) }
      guard phonemeDistance(result, sounds) > 0.6, seen.insert(changed.joined()).inserted else { continue }
      made.append(changed.joined())
    }
    return made
  }
}
