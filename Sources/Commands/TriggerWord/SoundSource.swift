import Files
import Media

/// What raw samples on standard input are: whole numbers of 16 bits, little-endian.
struct RawSoundFormat {
  let sampleRate, channels: Int
}

/// The blocks of a sound: of a file, or of raw samples as they come on standard input, in constant memory.
final class SoundSource {
  /// For messages.
  let name: String
  let facts: AudioFacts
  /// Whether there is no telling when it ends.
  let isLive: Bool
  private let file: AudioFile?
  private var decoder = PCMDecoder()
  /// Samples of a frame that is not whole yet.
  private var rest: [Float] = []
  private var hasEnded = false

  /// - Parameter raw: what `-` is; nil: a sound file.
  init(_ path: String, raw: RawSoundFormat?) throws(AudioError) {
    if path == "-", let raw {
      (name, isLive, file) = ("standard input", true, nil)
      facts = AudioFacts(
        sampleRate: raw.sampleRate, channels: raw.channels, frameCount: nil, container: "raw samples", coding: "Signed 16 bit PCM")
    } else {
      let opened = try AudioFile(path)
      (name, isLive, file, facts) = (opened.path, false, opened, opened.facts)
    }
  }

  /// The next interleaved samples of whole frames, perhaps none of a live sound; nil at the end, or when the user has asked to stop.
  ///
  /// - Throws: ``AudioError`` when the sound cannot be read or is damaged.
  func next() throws(AudioError) -> [Float]? {
    guard !hasEnded, !Interruption.wasAsked else { return nil }
    if let file {
      let block = try file.read(upTo: max(65_536 / facts.channels, 64))
      hasEnded = block.isEmpty
      return block.isEmpty ? nil : block
    }
    let bytes: [UInt8]?
    do { bytes = try readStandardInput(upTo: 1 << 16) { Interruption.wasAsked } } catch { throw AudioError(path: name, kind: .file(error)) }
    guard let bytes else { return nil }
    guard !bytes.isEmpty else {
      hasEnded = true
      try decoder.finish(path: name)
      if !rest.isEmpty { throw AudioError(path: name, kind: .cutInFrame(found: rest.count, channels: facts.channels)) }
      return nil
    }
    let samples = rest + decoder.push(bytes), whole = samples.count / facts.channels * facts.channels
    rest = Array(samples[whole...])
    return Array(samples[..<whole])
  }
}
