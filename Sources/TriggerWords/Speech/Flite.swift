/// flite: one process an utterance, some 30 ms.
enum Flite {
  /// kal16 speaks at 16 kHz what kal speaks at 8; awb_time only tells the time.
  private static let left: Set<String> = ["kal", "awb_time"]

  static func voices() throws(SpeechError) -> [Voice] {
    let answer = try runProgram(ProgramCall(arguments: ["flite", "-lv"]))
    let line = answer.text.split(separator: "\n").first { $0.hasPrefix("Voices available:") } ?? ""
    let names = line.split(separator: " ").dropFirst(2).map(String.init)
    guard answer.status == 0, !names.isEmpty else {
      throw SpeechError.program(name: "flite", problem: "found no voices (\(answer.text.prefix(200))); apt-get install --reinstall flite")
    }
    let known = Set(names)
    return known.filter { !left.contains($0) || $0 == "kal" && !known.contains("kal16") }.sorted().map {
      Voice(.flite, $0, speaker: $0.hasPrefix("kal") ? "kal" : $0)
    }
  }

  static func job(_ utterance: Utterance, index: Int, folder: String) -> SpeechJob {
    let path = "\(folder)/\(index).wav"
    var arguments = ["flite", "-voice", utterance.voice.name, "--setf", "duration_stretch=\(1 / utterance.rate)"]
    // The diphone voice's pitch is about a mean of 95 Hz; the others' is a factor of what their statistics say.
    arguments += ["--setf", utterance.voice.speaker == "kal" ? "int_f0_target_mean=\(95 * utterance.pitch)" : "f0_shift=\(utterance.pitch)"]
    return SpeechJob(call: ProgramCall(arguments: arguments + ["-o", path, "-t", utterance.text]), outputs: [(index, path)])
  }
}
