import Files

/// English with another language's sounds: the vowels that languages share, and the plain consonants, for espeak-ng's voices of those languages.
enum Accent {
  /// Languages whose voices say all that ``sounds(of:)`` gives for most words.
  static let languages = ["da", "de", "es", "fr-fr", "hi", "it", "nl", "pl", "pt-br", "ru", "sv", "tr"]

  private static let plain: [String: [String]] = [
    "i": ["i"], "i:": ["i"], "I": ["i"], "e": ["e"], "E": ["e"], "a": ["a"], "aa": ["a"], "A:": ["a"], "A@": ["a", "r"], "V": ["a"], "0": ["o"],
    "O": ["o"], "O:": ["o"], "O@": ["o", "r"], "o@": ["o", "r"], "U": ["u"], "u": ["u"], "u:": ["u"], "U@": ["u", "r"], "@": ["@"], "3": ["@", "r"],
    "3:": ["@", "r"], "@L": ["@", "l"], "eI": ["e", "i"], "aI": ["a", "i"], "OI": ["o", "i"], "oU": ["o", "u"], "aU": ["a", "u"], "e@": ["e", "r"],
    "i@": ["i", "r"], "aI@": ["a", "i", "@"], "T": ["t"], "D": ["d"], "r-": ["r"], "@-": ["@"],
  ]

  /// Mnemonics that all languages have, from English ones: `t@` of `t#_3`, stress before the vowel that had it.
  static func sounds(of mnemonics: [String]) -> [String] {
    mnemonics.flatMap { mnemonic -> [String] in
      let stress = String(mnemonic.prefix { $0 == "'" || $0 == "," })
      var name = String(mnemonic.dropFirst(stress.count).filter { !"%;#?!|^".contains($0) })
      if name.count > 1, let last = name.last, "2345".contains(last), plain[name] == nil { name.removeLast() }
      guard !name.isEmpty, name != ":" else { return [] }
      let sounds = plain[name] ?? [name]
      return [stress + sounds[0]] + sounds.dropFirst()
    }
  }

  /// The same utterances, those by voices of other languages as mnemonics; where the language lacks a sound, the same speaker speaks American
  /// English.
  ///
  /// - Throws: ``SpeechError`` when espeak-ng fails.
  static func prepared(_ utterances: [Utterance]) throws(SpeechError) -> [Utterance] {
    let foreign = utterances.indices.filter { utterances[$0].voice.isForeign && !utterances[$0].isPhonemes }
    guard !foreign.isEmpty else { return utterances }
    let known = try Pronunciations(of: foreign.map { utterances[$0].text })
    var result = utterances
    for language in Set(foreign.map { utterances[$0].voice.language }) {
      let own = foreign.filter { utterances[$0].voice.language == language }, texts = Array(Set(own.map { utterances[$0].text })).sorted()
      let words = texts.map { (known.mnemonics(of: $0) ?? []).map(sounds(of:)) }
      let sayable = try Self.sayable(words, language: language)
      var spelled: [String: String] = [:]
      for (index, text) in texts.enumerated() where sayable[index] { spelled[text] = words[index].map { $0.joined() }.joined(separator: " ") }
      for index in own {
        let utterance = utterances[index], (text, isSayable) = spelled[utterance.text].map { ($0, true) } ?? (utterance.text, false)
        let variant = utterance.voice.name.dropFirst(language.count)
        let voice = isSayable ? utterance.voice : Voice(.espeak, "en-us\(variant)", speaker: utterance.voice.speaker)
        result[index] = Utterance(text, voice: voice, rate: utterance.rate, pitch: utterance.pitch, isPhonemes: isSayable)
      }
    }
    return result
  }

  /// Whether the language's voice has all sounds of each text: espeak-ng ends a text at the first that it does not know.
  private static func sayable(_ texts: [[[String]]], language: String) throws(SpeechError) -> [Bool] {
    let scratch = try ScratchFolder(), path = scratch.file("sounds")
    let lines = texts.map { "[[\($0.map { $0.joined() }.joined(separator: " "))]]" }
    do { try writeFile(path, lines.joined(separator: "\n") + "\n") } catch { throw SpeechError.file(error) }
    let answer = try runProgram(ProgramCall(arguments: ["espeak-ng", "-q", "-x", "--sep=_", "-v", language], inputFile: path))
    let said = answer.text.split(separator: "\n", omittingEmptySubsequences: true)
    guard answer.status == 0 else {
      throw SpeechError.program(name: "espeak-ng", problem: "the voice \(language) does not speak (\(answer.text.prefix(200)))")
    }
    guard said.count == texts.count else { return [Bool](repeating: false, count: texts.count) }
    // Languages join some sounds, as German does @ and r, so that a few less are no gap.
    return zip(texts, said).map { words, line in
      let sent = words.joined().count, heard = line.split { "_ ".contains($0) }.filter { !["", ";", ":", "|"].contains($0) }.count
      return sent > 0 && heard * 10 >= sent * 8
    }
  }
}
