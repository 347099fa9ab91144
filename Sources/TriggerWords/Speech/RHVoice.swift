import Files

/// RHVoice: statistics of recordings, one process an utterance, some 100 ms.
enum RHVoice {
  /// Those of its voices that speak English; slt is the person of flite's and festival's slt.
  private static let english = ["alan", "bdl", "clb", "evgeniy-eng", "lyubov", "slt"]

  static func voices() -> [Voice] {
    english.filter { isFolder("/usr/share/RHVoice/voices/\($0)") }.map { Voice(.rhvoice, $0, speaker: $0) }
  }

  static func job(_ utterance: Utterance, index: Int, folder: String) throws(SpeechError) -> SpeechJob {
    let path = "\(folder)/\(index).wav", text = "\(folder)/\(index).txt"
    do { try writeFile(text, utterance.text + "\n") } catch { throw SpeechError.file(error) }
    let manner = ["-r", "\(Int((100 * utterance.rate).rounded()))", "-t", "\(Int((100 * utterance.pitch).rounded()))"]
    return SpeechJob(
      call: ProgramCall(arguments: ["RHVoice-test", "-p", utterance.voice.name] + manner + ["-i", text, "-o", path]), outputs: [(index, path)])
  }
}
