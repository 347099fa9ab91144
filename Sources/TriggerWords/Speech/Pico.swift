/// SVOX Pico: one process an utterance, some 10 ms.
enum Pico {
  static func voices() -> [Voice] { ["en-GB", "en-US"].map { Voice(.pico, $0, speaker: "pico-\($0)") } }

  static func job(_ utterance: Utterance, index: Int, folder: String) -> SpeechJob {
    let path = "\(folder)/\(index).wav"
    let rate = min(max(Int((100 * utterance.rate).rounded()), 20), 500), pitch = min(max(Int((100 * utterance.pitch).rounded()), 50), 200)
    let text = "<speed level=\"\(rate)\"><pitch level=\"\(pitch)\">\(utterance.text)</pitch></speed>"
    return SpeechJob(call: ProgramCall(arguments: ["pico2wave", "-l", utterance.voice.name, "-w", path, text]), outputs: [(index, path)])
  }
}
