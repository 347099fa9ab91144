import Foundation
import Tensors
import Testing
import TriggerWords

let hasEspeak = Synthesizer.espeak.path != nil
let needsEspeak: Comment = "needs espeak-ng: apt-get install espeak-ng"

/// The pitch of a voiced sound: the lag of the largest autocorrelation around the loudest part, in hertz.
private func pitch(_ samples: [Float], rate: Int = 16_000) -> Float {
  let window = rate / 20, longest = rate / 60
  let starts = stride(from: 0, to: max(samples.count - window - longest, 1), by: window / 2)
  let start = starts.max { meanSquare(Array(samples[$0..<$0 + window])) < meanSquare(Array(samples[$1..<$1 + window])) } ?? 0
  func correlation(_ lag: Int) -> Float { (start..<start + window).reduce(Float(0)) { $0 + samples[$1] * samples[$1 + lag] } }
  let lag = (rate / 350..<longest).max { correlation($0) < correlation($1) } ?? 1
  return Float(rate) / Float(lag)
}

@Suite struct SpeechTests {
  @Test(arguments: Synthesizer.allCases) func speechIsShorterAtAHigherRate(synthesizer: Synthesizer) throws {
    guard synthesizer.path != nil, try !synthesizer.voices().isEmpty else {
      print("skipped: needs \(synthesizer.rawValue): apt-get install \(synthesizer.package)")
      return
    }
    let voices = try synthesizer.voices()
    #expect(Set(voices.map(\.identifier)).count == voices.count)
    let chosen = synthesizer == .espeak ? voices.filter { ["en-us", "en-gb+f3"].contains($0.name) } : voices
    #expect(!chosen.isEmpty)
    let rates = [0.75, 1, 1.35]
    let library = try SpeechLibrary(speaking: chosen.flatMap { voice in rates.map { Utterance("activate", voice: voice, rate: $0) } })
    #expect(library.failures.isEmpty && library.clips.count == 3 * chosen.count && library.sampleRate == 16_000)
    for (index, voice) in chosen.enumerated() {
      let lengths = (0..<3).map { Double(library.clips[3 * index + $0].samples.count) / 16_000 }
      #expect(lengths[0] > 1.1 * lengths[1] && lengths[1] > 1.1 * lengths[2], "\(voice.identifier): \(lengths)")
      #expect((0.3...1.2).contains(lengths[1]), "\(voice.identifier): \(lengths)")
      #expect(library.clips[3 * index].speaker == voice.speaker && meanSquare(library.clips[3 * index].samples) > 1e-5)
    }
  }

  @Test(.enabled(if: hasEspeak, needsEspeak)) func speechIsHigherAtAHigherPitch() throws {
    let voice = try #require(try Synthesizer.espeak.voices().first { $0.name == "en-us" })
    let library = try SpeechLibrary(speaking: [0.8, 1.25].map { Utterance("mama", voice: voice, pitch: $0) })
    let low = pitch(library.clips[0].samples), high = pitch(library.clips[1].samples)
    #expect(high > 1.15 * low, "\(low) and \(high) Hz")
  }

  @Test(.enabled(if: hasEspeak, needsEspeak)) func theSamePlanGivesTheSameSpeech() throws {
    let voices = try VoiceSet.installed([.espeak])
    let plan = try SpeechPlan("activate", voices: voices, positives: 4, negatives: 8, seed: 3)
    let again = try SpeechPlan("activate", voices: voices, positives: 4, negatives: 8, seed: 3)
    #expect(plan.positives == again.positives && plan.negatives == again.negatives)
    let other = try SpeechPlan("activate", voices: voices, positives: 4, negatives: 8, seed: 4)
    #expect(other.positives != plan.positives)
    let one = try SpeechLibrary(speaking: plan.positives + plan.negatives)
    let two = try SpeechLibrary(speaking: plan.positives + plan.negatives, atOnce: 1)
    #expect(one.clips == two.clips && one.clips.count == 12)
    let allPositive = plan.positives.allSatisfy { $0.text.hasPrefix("activate") && (0.75...1.35).contains($0.rate) }
    #expect(allPositive)
  }

  /// Voices of other languages say the words with their own sounds, not by their own spelling: German would end “activate” with a vowel.
  @Test(.enabled(if: hasEspeak, needsEspeak)) func voicesOfOtherLanguagesSayTheWords() throws {
    let voices = try Synthesizer.espeak.voices().filter { $0.name.hasSuffix("+m3") && !$0.name.hasPrefix("en") }
    #expect(voices.count > 8 && voices.contains { $0.name == "de+m3" })
    let library = try SpeechLibrary(speaking: voices.map { Utterance("activate", voice: $0) })
    #expect(library.failures.isEmpty && library.clips.allSatisfy { $0.name == "activate" && $0.speaker == "espeak-ng+m3" })
    #expect(library.utterances.map(\.voice) == voices && library.utterances.allSatisfy { $0.isPhonemes && $0.text == "'aktiv,eit" })
    let lengths = library.clips.map { Double($0.samples.count) / 16_000 }
    #expect(lengths.allSatisfy { (0.35...1.1).contains($0) }, "\(lengths)")
  }

  @Test func splitsShareNoSpeaker() throws {
    let voices = VoiceSet(
      (0..<10).flatMap { [Voice(.espeak, "en-us+v\($0)", speaker: "e\($0)"), Voice(.espeak, "en-gb+v\($0)", speaker: "e\($0)")] }
        + [Voice(.flite, "slt", speaker: "slt"), Voice(.flite, "kal16", speaker: "kal"), Voice(.flite, "rms", speaker: "rms")]
        + [Voice(.festival, "kal_diphone", speaker: "kal"), Voice(.festival, "ked_diphone", speaker: "ked")])
    let (training, heldOut) = try voices.split(holdingOut: 0.3, seed: 1)
    #expect(Set(training.speakers).isDisjoint(with: heldOut.speakers) && training.voices.count + heldOut.voices.count == voices.voices.count)
    #expect(heldOut.speakers.count { $0.hasPrefix("e") } == 3 && heldOut.speakers.count { !$0.hasPrefix("e") } == 1)
    #expect(try voices.split(holdingOut: 0.3, seed: 1).heldOut == heldOut)
    let (rest, festival) = try voices.holdingOut(.festival)
    #expect(festival.voices.allSatisfy { $0.synthesizer == .festival } && !rest.speakers.contains("kal") && rest.voices.contains { $0.name == "slt" })
    #expect(throws: SpeechError.tooFewSpeakers(found: 1)) { _ = try VoiceSet([Voice(.flite, "slt", speaker: "slt")]).split(holdingOut: 0.5, seed: 1) }
    #expect(try voices.named(["flite", "e3"]).voices.count == 5 && voices.named(["festival/ked_diphone"]).voices.count == 1)
    #expect(throws: SpeechError.self) { _ = try voices.named(["nobody"]) }
  }

  @Test func recordedPeopleSpeakEquallyOften() {
    let voices = VoiceSet(
      (0..<50).map { Voice(.espeak, "en-us+v\($0)", speaker: "e\($0)") }
        + [Voice(.flite, "slt", speaker: "slt"), Voice(.festival, "cmu_us_slt_arctic_hts", speaker: "slt"), Voice(.rhvoice, "slt", speaker: "slt")]
        + [Voice(.mbrola, "mb-us1", speaker: "mbrola-us1"), Voice(.pico, "en-GB", speaker: "pico-en-GB")])
    var random = RandomNumbers(seed: 1), counts: [String: Int] = [:]
    for _ in 0..<3000 {
      let voice = voices.sample(using: &random)
      counts[voice.synthesizer == .espeak ? "espeak" : voice.speaker, default: 0] += 1
    }
    #expect(counts.keys.sorted() == ["espeak", "mbrola-us1", "pico-en-GB", "slt"])
    #expect(counts.allSatisfy { (800...1000).contains($0.key == "espeak" ? $0.value : $0.value + 200) }, "\(counts)")
  }

  @Test(.enabled(if: hasEspeak, needsEspeak)) func speechCanBeStopped() throws {
    let voice = Voice(.espeak, "en-us", speaker: "espeak-ng")
    var told: [Int] = []
    #expect(throws: SpeechError.interrupted) {
      _ = try SpeechLibrary(
        speaking: (0..<50).map { _ in Utterance("hello", voice: voice) }, atOnce: 1, progress: { told.append($0) }, isStopped: { told.count == 3 })
    }
    #expect(told == [1, 2, 3])
  }

  @Test func badTexts() throws {
    let voice = Voice(.espeak, "en-us", speaker: "espeak-ng")
    for text in ["", "  ", "…!", "two\nlines", "[[h@l'oU]]", "<speak>", String(repeating: "a", count: 600)] {
      let error = #expect(throws: SpeechError.self) { _ = try SpeechLibrary(speaking: [Utterance(text, voice: voice)]) }
      #expect(error?.description.contains("cannot be spoken") == true)
    }
  }

  /// Text is an argument, never a command or an option.
  @Test(.enabled(if: hasEspeak, needsEspeak)) func textIsOnlyText() throws {
    let voice = Voice(.espeak, "en-us", speaker: "espeak-ng"), name = "/tmp/percept-speech-test-\(getpid())"
    let texts = ["-w \(name)", "$(touch \(name)); touch \(name)", "\"quoted\" \\ text"]
    let library = try SpeechLibrary(speaking: texts.map { Utterance($0, voice: voice) })
    #expect(library.clips.count == 3 && !FileManager.default.fileExists(atPath: name))
  }

  @Test(.enabled(if: hasEspeak, needsEspeak)) func aVoiceThatDoesNotExist() {
    let error = #expect(throws: SpeechError.self) {
      _ = try SpeechLibrary(speaking: [Utterance("hello", voice: Voice(.espeak, "qqq-none", speaker: ""))])
    }
    #expect(error?.description.contains("qqq-none") == true, "\(String(describing: error))")
  }
}

@Suite(.enabled(if: hasEspeak, needsEspeak)) struct HardNegativeTests {
  @Test func pronunciationsAreCompared() throws {
    let known = try Pronunciations(of: ["activate", "activated", "reactivate", "active", "captivate", "banana", "night", "knight"])
    #expect(known.mnemonics(of: "activate")?.count == 1 && known.mnemonics(of: "zebra") == nil)
    #expect(known.distance("night", "knight") == 0 && known.distance("activate", "activate") == 0)
    #expect(known.distance("activate", "captivate") < known.distance("activate", "banana"))
    #expect(known.distance("activate", "active") == known.distance("active", "activate"))
    #expect(known.contains("activated", phrase: "activate") && known.contains("reactivate", phrase: "activate"))
    #expect(!known.contains("active", phrase: "activate") && !known.contains("captivate", phrase: "activate"))
  }

  @Test func wordsNearActivate() throws {
    let near = try HardNegatives(for: "activate", among: commonWords + ["reactivate", "activated", "activates", "deactivate"], count: 60)
    #expect(near.words.count == 60 && Set(near.words).count == 60 && near.parts.isEmpty)
    #expect(Set(near.words.prefix(12)).isSuperset(of: ["active", "captivate", "actively"]), "\(near.words.prefix(12))")
    #expect(near.words.contains("motivate") && near.words.contains("cultivate"))
    #expect(Set(near.words).isDisjoint(with: ["activate", "reactivate", "activated", "activates", "deactivate", "banana"]))
    #expect(near.nonsense.count == 60 && !near.nonsense.contains("'aktI#v,eIt"))
  }

  @Test func twoWordsTogetherSoundLikeAPhrase() throws {
    let near = try HardNegatives(for: "activate", among: commonWords)
    let texts = near.pairs, known = try Pronunciations(of: texts + ["activate", "active eight"])
    #expect(texts.count > 300 && Set(texts).count == texts.count && texts.allSatisfy { $0.split(separator: " ").count == 2 })
    #expect(Set(texts).isSuperset(of: ["reactor vitamin", "practice it"]), "\(texts.prefix(20))")
    // People would hear the phrase in the first of these, and nothing of it in the second.
    #expect(known.contains("active eight", phrase: "activate") && !texts.contains("active eight") && !texts.contains { $0.contains("banana") })
    #expect(texts.allSatisfy { !known.contains($0, phrase: "activate") })
    let uses = Dictionary(grouping: texts) { $0.split(separator: " ")[0] }.mapValues(\.count)
    #expect(uses.count > 25 && uses.values.max()! <= 12)
    // Across three words of a phrase too.
    let longer = try HardNegatives(for: "good morning house", among: commonWords).pairs
    #expect(!longer.isEmpty && !longer.contains { $0.contains("house") })
  }

  @Test func anotherSeedChoosesOtherWordsOfTheDictionary() {
    let words = systemWords(atMost: 500, seed: 1), others = systemWords(atMost: 500, seed: 2)
    guard !words.isEmpty else { return }
    #expect(words.count == 500 && others.count == 500 && Set(words).isDisjoint(with: others))
  }

  @Test func clausesStandBetweenMarks() {
    let text = "Don't panic, said the\nbook.\n\t\t-- D. A.\n%\nOne two three four five six seven eight nine ten eleven twelve thirteen! Yes; 42 of them '' here"
    #expect(clauses(of: Array(text.utf8)) == ["said the book", "one two three four five six seven eight nine ten", "eleven twelve thirteen", "of them here"])
    #expect(clauses(of: []).isEmpty && clauses(of: Array("% \u{e9}\u{e9}".utf8)).isEmpty)
  }

  @Test func clausesOfTheSystem() {
    let some = systemClauses(atMost: 300, seed: 1), others = systemClauses(atMost: 300, seed: 2)
    guard !some.isEmpty else {
      print("skipped: needs fortunes: apt-get install fortunes")
      return
    }
    #expect(some.count == 300 && Set(some) != Set(others) && some == systemClauses(atMost: 300, seed: 1))
    #expect(some.allSatisfy { (3...10).contains($0.split(separator: " ").count) && $0 == $0.lowercased() })
  }

  @Test func partsOfAPhrase() throws {
    let near = try HardNegatives(for: "hey computer")
    #expect(Set(near.parts).isSuperset(of: ["hey", "computer", "computer hey"]) && !near.parts.contains("hey computer"))
    #expect(near.parts.contains { $0.hasPrefix("hey c") && $0 != "hey computer" } && near.parts.contains { $0.hasSuffix(" computer") })
    #expect(near.words.contains("commuter") && !near.words.contains("computer"))
  }

  @Test func noNegativeSaysThePhrase() throws {
    let voices = try VoiceSet.installed()
    for phrase in ["activate", "hey computer", "coffee"] {
      let plan = try SpeechPlan(phrase, voices: voices, positives: 2, negatives: 300, seed: 1)
      let texts = plan.negatives.filter { !$0.isPhonemes }.map(\.text), known = try Pronunciations(of: texts + [phrase])
      #expect(texts.filter { known.contains($0, phrase: phrase) } == [] && texts.count < 300)
      #expect(plan.negatives.allSatisfy { !$0.isPhonemes || [.espeak, .mbrola].contains($0.voice.synthesizer) })
    }
  }
}
