/// Two words in a row that sound like a phrase across the gap between them, as “attic wait” sounds like “activate”: the nearest first.
///
/// How near two words are is the least cost, over the places where the phrase may be cut in two, of changing an end of the first word into the
/// phrase's first part and a beginning of the second into the rest (``phonemeDistances(_:fromAnywhere:toBeginningsOf:)``).
///
/// - Parameters:
///   - words: with their phonemes.
///   - cost: pairs outside are left out: at its lower end people would hear the phrase.
///   - most: how many pairs, and of how many of them a word may be the first, or the second.
func soundAlikePairs(
  of phrase: [Phoneme], among words: [(text: String, phonemes: [Phoneme])], cost: Range<Float>, atMost most: (pairs: Int, ofWord: Int)
) -> [String] {
  guard phrase.count > 1 else { return [] }
  let reversed = Array(phrase.reversed())
  let firsts = words.map { phonemeDistances($0.phonemes, fromAnywhere: true, toBeginningsOf: phrase) }
  // A beginning is the end of the word read backwards.
  let seconds = words.map { Array(phonemeDistances($0.phonemes.reversed(), fromAnywhere: true, toBeginningsOf: reversed).reversed()) }
  var found: [(cost: Float, first: Int, second: Int)] = []
  for (first, ends) in firsts.enumerated() {
    var own: [(cost: Float, second: Int)] = []
    for (second, beginnings) in seconds.enumerated() {
      var least = Float.infinity
      for cut in 1..<phrase.count { least = min(least, ends[cut] + beginnings[cut]) }
      if cost.contains(least) { own.append((least, second)) }
    }
    own.sort { $0 < $1 }
    found += own.prefix(most.ofWord).map { ($0.cost, first, $0.second) }
  }
  found.sort { $0 < $1 }
  var uses = [Int](repeating: 0, count: words.count), pairs: [String] = []
  for pair in found where pairs.count < most.pairs && uses[pair.second] < most.ofWord {
    uses[pair.second] += 1
    pairs.append("\(words[pair.first].text) \(words[pair.second].text)")
  }
  return pairs
}
