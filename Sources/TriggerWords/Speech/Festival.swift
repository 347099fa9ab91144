import Files
import Glibc

/// festival: it starts slowly, so that one process speaks many utterances, which a script in Scheme tells it.
enum Festival {
  /// Utterances a process.
  static let batch = 40

  static func voices() throws(SpeechError) -> [Voice] {
    let scratch = try ScratchFolder(), path = scratch.file("voices.scm")
    try write("(format t \"VOICES %l\\n\" (mapcar (lambda (v) v) (voice.list)))\n", to: path)
    let answer = try runProgram(ProgramCall(arguments: ["festival", "-b", path]))
    let line = answer.text.split(separator: "\n").first { $0.hasPrefix("VOICES") }?.dropFirst(7) ?? ""
    let names = line.split { "() ".contains($0) }.map(String.init).filter { $0 != "nil" }
    guard answer.status == 0 else {
      throw SpeechError.program(
        name: "festival", problem: "it does not tell its voices (\(answer.text.prefix(200))); apt-get install --reinstall festival")
    }
    // Voices of other languages would read English by their own rules.
    return names.filter { isEnglish($0) }.sorted().map { Voice(.festival, $0, speaker: speaker($0)) }
  }

  private static func isEnglish(_ name: String) -> Bool {
    ["kal_diphone", "ked_diphone", "rab_diphone", "don_diphone"].contains(name) || name.hasPrefix("cmu_us_") || name.hasPrefix("nitech_us_")
  }

  /// The recorded person: `slt` of `cmu_us_slt_arctic_hts`.
  private static func speaker(_ name: String) -> String {
    let parts = name.split(separator: "_")
    return String(["cmu", "nitech"].contains(parts[0]) && parts.count > 2 ? parts[2] : parts[0])
  }

  static func job(_ utterances: [(index: Int, utterance: Utterance)], folder: String) throws(SpeechError) -> SpeechJob {
    var script = "", outputs: [(utterance: Int, path: String)] = []
    for (index, utterance) in utterances {
      let path = "\(folder)/\(index).wav", name = utterance.voice.name
      script += "(voice_\(name))\n"
      if name.hasSuffix("_hts") {
        // Voices of hidden Markov models take a factor of speed, and half tones; each selection of the voice sets the parameters anew.
        let changes = "(list \"-r\" \(utterance.rate)) (list \"-fm\" \(12 * log2(utterance.pitch)))"
        script += "(set! hts_engine_params (append hts_engine_params (list \(changes))))\n"
      } else {
        script += "(Parameter.set 'Duration_Stretch \(1 / utterance.rate))\n"
        let pitch = "(* \(utterance.pitch) (cadr (assoc 'target_f0_mean int_lr_params)))"
        script += "(set! int_lr_params (cons (list 'target_f0_mean \(pitch)) int_lr_params))\n"
      }
      script += "(unwind-protect (utt.save.wave (utt.synth (Utterance Text \"\(escaped(utterance.text))\")) \"\(path)\" 'riff) nil)\n"
      outputs.append((index, path))
    }
    let path = "\(folder)/\(utterances[0].index).scm"
    try write(script, to: path)
    return SpeechJob(call: ProgramCall(arguments: ["festival", "-b", path], secondsAllowed: 300), outputs: outputs)
  }

  private static func escaped(_ text: String) -> String { String(text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }) }

  private static func write(_ text: String, to path: String) throws(SpeechError) {
    do { try writeFile(path, text) } catch { throw SpeechError.file(error) }
  }
}
