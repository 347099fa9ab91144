/// espeak-ng: one process an utterance, which takes about 10 ms, also where it lets mbrola speak.
enum Espeak {
  /// Variants that are no voices of people: whispers, robots, experiments.
  private static let strange: Set<String> = [
    "whisper", "whisperf", "croak", "Demonic", "UniRobot", "anikaRobot", "announcer", "fast", "Tweaky", "klatt6", "zac",
    "RicishayMax", "RicishayMax2", "RicishayMax3",
  ]

  static func voices() throws(SpeechError) -> [Voice] {
    let accents = try list("en").filter { !$0.file.hasPrefix("mb/") && !$0.file.hasPrefix("!v/") }
    let variants = try list("variant").map { String($0.file.dropFirst(3)) }.filter { !strange.contains($0) && !$0.hasPrefix("robosoft") }
    let native = accents.map(\.language).sorted().flatMap { accent in
      [Voice(.espeak, accent, speaker: "espeak-ng")] + variants.sorted().map { Voice(.espeak, "\(accent)+\($0)", speaker: "espeak-ng+\($0)") }
    }
    // Of other languages fewer variants, so that they are some quarter of all.
    let languages = Set(try list("").map(\.language)), usual = variants.filter(isNumbered).sorted()
    return native + Accent.languages.filter { languages.contains($0) }.flatMap { language in
      usual.map { Voice(.espeak, "\(language)+\($0)", speaker: "espeak-ng+\($0)") }
    }
  }

  /// m1 to m8 and f1 to f5.
  private static func isNumbered(_ variant: String) -> Bool {
    variant.count == 2 && "mf".contains(variant.first ?? " ") && variant.last?.isNumber == true
  }

  /// The table that `--voices` prints: priority, language, age and gender, name, file.
  static func list(_ kind: String) throws(SpeechError) -> [(language: String, file: String)] {
    let answer = try runProgram(ProgramCall(arguments: ["espeak-ng", kind.isEmpty ? "--voices" : "--voices=\(kind)"]))
    let rows = answer.text.split(separator: "\n").dropFirst().map { $0.split(separator: " ") }.filter { $0.count >= 5 }
    guard answer.status == 0, !rows.isEmpty else {
      throw SpeechError.program(
        name: "espeak-ng", problem: "found no voices (\(answer.text.prefix(200))); apt-get install --reinstall espeak-ng-data")
    }
    return rows.map { (String($0[1]), String($0[4])) }
  }

  static func job(_ utterance: Utterance, index: Int, folder: String) -> SpeechJob {
    let path = "\(folder)/\(index).wav"
    // 175 words a minute are its own rate. An octave is some hundred steps of its scale of pitch, whose middle is 50.
    let rate = Int((175 * utterance.rate).rounded()), pitch = Int((50 + 100 * (utterance.pitch - 1)).rounded())
    let text = utterance.isPhonemes ? "[[\(utterance.text)]]" : utterance.text
    let manner = ["-v", utterance.voice.name, "-s", "\(min(max(rate, 80), 450))", "-p", "\(min(max(pitch, 0), 99))"]
    return SpeechJob(
      call: ProgramCall(arguments: ["espeak-ng", "-b", "1"] + manner + ["-w", path, "--", text]), outputs: [(index, path)])
  }
}
