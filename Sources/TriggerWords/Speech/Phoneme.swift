/// A sound of speech, and how far it is from another one: articulation as numbers, so that /d/ is near /t/ and far from /m/.
///
/// Consonants differ by manner (0.45), place (0.35) and voice (0.2), vowels by height, backness and roundness of where they begin (0.6) and end
/// (0.4), as in the International Phonetic Association's charts (Handbook, 1999).
struct Phoneme: Hashable, Sendable {
  /// espeak-ng's mnemonic without marks of stress and length.
  let name: String

  /// place from lips (0) to glottis (8), manner (0 stop, 1 affricate, 2 fricative, 3 nasal, 4 lateral, 5 approximant), voice
  private static let consonants: [String: (place: Float, manner: Int, voice: Float)] = [
    "p": (0, 0, 0), "b": (0, 0, 1), "t": (3, 0, 0), "d": (3, 0, 1), "k": (6, 0, 0), "g": (6, 0, 1), "c": (6, 0, 0), "q": (6, 0, 0), "?": (8, 0, 0),
    "f": (1, 2, 0), "v": (1, 2, 1), "T": (2, 2, 0), "D": (2, 2, 1), "s": (3, 2, 0), "z": (3, 2, 1), "S": (4, 2, 0), "Z": (4, 2, 1), "h": (8, 2, 0),
    "x": (6, 2, 0), "C": (5, 2, 0), "tS": (4, 1, 0), "dZ": (4, 1, 1), "m": (0, 3, 1), "n": (3, 3, 1), "N": (6, 3, 1), "l": (3, 4, 1), "r": (4, 5, 1),
    "w": (0, 5, 1), "j": (5, 5, 1), "y": (5, 5, 1),
  ]
  /// height (0 open), backness (0 front), by the letter that a mnemonic begins or ends with
  private static let vowels: [Character: (height: Float, back: Float)] = [
    "i": (1, 0), "I": (0.85, 0.2), "e": (0.65, 0), "E": (0.45, 0.1), "a": (0.1, 0.2), "A": (0, 0.8), "V": (0.3, 0.6), "@": (0.5, 0.5),
    "3": (0.5, 0.55), "0": (0.1, 1), "O": (0.3, 1), "o": (0.6, 1), "U": (0.85, 0.8), "u": (1, 1),
  ]
  /// Mnemonics of English for making up words.
  static let someConsonants = ["p", "b", "t", "d", "k", "g", "f", "v", "s", "z", "S", "h", "m", "n", "l", "r", "w", "tS", "dZ"]
  static let someVowels = ["i:", "I", "E", "a", "A:", "V", "0", "O:", "U", "u:", "3:", "eI", "aI", "OI", "oU", "aU"]

  /// - Parameter mnemonic: such as `'eI` or `t#`; nil when nothing but marks is in it.
  init?(_ mnemonic: some StringProtocol) {
    var letters = mnemonic.filter { !"',%=:;#!|-^`~*._?".contains($0) }
    if letters.count > 1, let last = letters.last, "2345".contains(last) { letters.removeLast() }
    guard !letters.isEmpty else { return nil }
    name = String(letters)
  }

  var isVowel: Bool { Self.consonants[name] == nil && name.first.map { Self.vowels[$0] != nil } == true }

  var isStop: Bool { Self.consonants[name]?.manner == 0 }

  /// What leaving it out costs.
  var weight: Float { isVowel ? 0.7 : 0.8 }

  /// From 0, the same, to 1; 1.3 between a vowel and a consonant, which is nearly what leaving one out and putting one in costs.
  func distance(to other: Phoneme) -> Float {
    if self == other { return 0 }
    if let one = Self.consonants[name], let two = Self.consonants[other.name] {
      let manner: Float = one.manner == two.manner ? 0 : min(one.manner, two.manner) < 2 && abs(one.manner - two.manner) == 1 ? 0.5 : 1
      return min(0.45 * manner + 0.35 * min(1, abs(one.place - two.place) / 3) + 0.2 * abs(one.voice - two.voice), 1)
    }
    guard isVowel, other.isVowel else { return isVowel || other.isVowel ? 1.3 : 0.8 }
    func part(_ one: Character?, _ two: Character?) -> Float {
      guard let one = one.flatMap({ Self.vowels[$0] }), let two = two.flatMap({ Self.vowels[$0] }) else { return 0.5 }
      return min(((one.height - two.height) * (one.height - two.height) + (one.back - two.back) * (one.back - two.back)).squareRoot(), 1)
    }
    return max(0.6 * part(name.first, other.name.first) + 0.4 * part(name.last, other.name.last), 0.1)
  }
}

/// The least that changes of one list of phonemes into the other cost (Levenshtein 1966, with ``Phoneme/distance(to:)`` as the cost of a
/// replacement).
func phonemeDistance(_ one: [Phoneme], _ two: [Phoneme]) -> Float { phonemeDistances(one, toBeginningsOf: two)[two.count] }

/// The same for each beginning of the other list, from none of it on.
///
/// - Parameter fromAnywhere: whether what stands before costs nothing: the least of all ends of `one`.
func phonemeDistances(_ one: [Phoneme], fromAnywhere: Bool = false, toBeginningsOf two: [Phoneme]) -> [Float] {
  var row = [Float](repeating: 0, count: two.count + 1)
  for j in two.indices { row[j + 1] = row[j] + two[j].weight }
  for phoneme in one {
    var diagonal = row[0]
    if !fromAnywhere { row[0] += phoneme.weight }
    for j in two.indices {
      let replaced = diagonal + phoneme.distance(to: two[j])
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, diagonal + phoneme.weight, row[j] + two[j].weight)
    }
  }
  return row
}
