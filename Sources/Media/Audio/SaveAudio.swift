import Files

/// The kinds of sound file that are written.
public enum AudioFormat: Sendable, CaseIterable {
  case wav, flac

  /// The format that the suffix of a file's name chooses, nil for others.
  public init?(suffixOf path: String) {
    let name = path.lowercased()
    if name.hasSuffix(".wav") { self = .wav } else if name.hasSuffix(".flac") { self = .flac } else { return nil }
  }
}

/// How a sample is written. Whole numbers are round(sample × 2^(bits − 1)); what lies outside of −1 to 1 is limited to it.
public enum SampleFormat: Int, Sendable, CaseIterable {
  case pcm8 = 8
  case pcm16 = 16
  case pcm24 = 24
  /// Exactly the samples; not for FLAC.
  case float32 = 32
}

/// The bytes of a file that holds `audio`. The same sound gives the same bytes.
///
/// - Parameter path: the name of the file for error messages.
/// - Throws: ``AudioError`` when the format has no room for it, or a sample is not a number.
public func encode(
  _ audio: Audio, as format: AudioFormat, samples: SampleFormat = .pcm16, path: String = "sound"
) throws(AudioError) -> [UInt8] {
  if let wrong = audio.samples.firstIndex(where: { !$0.isFinite }) {
    throw AudioError(path: path, kind: .notFinite(frame: wrong / audio.channels, channel: wrong % audio.channels))
  }
  func refuse(_ reason: String) -> AudioError { AudioError(path: path, kind: .notEncodable(reason: reason)) }
  guard format == .wav || samples != .float32 else {
    throw refuse("FLAC holds whole numbers of 8, 16 or 24 bits, not floats; choose one of these or WAV")
  }
  guard format == .wav || audio.channels <= 8 else { throw refuse("FLAC holds up to 8 channels, found \(audio.channels)") }
  guard audio.samples.count <= (Int(UInt32.max) - 4096) / (samples.rawValue / 8) else {
    throw refuse("it would be larger than 4 GiB; cut it into parts")
  }
  return try SoundFile.encode(audio, isFLAC: format == .flac, bits: samples.rawValue, path: path)
}

/// Writes `audio` to the file at `path`, as WAV or FLAC by its suffix; `-` writes WAV to standard output. A reader sees the old file or the whole
/// new one.
///
/// - Throws: ``AudioError`` when the suffix is unknown, the sound does not fit the format, or the file cannot be written.
public func saveAudio(_ audio: Audio, to path: String, samples: SampleFormat = .pcm16) throws(AudioError) {
  guard let format = path == "-" ? .wav : AudioFormat(suffixOf: path) else { throw AudioError(path: path, kind: .unknownSuffix) }
  let bytes = try encode(audio, as: format, samples: samples, path: path)
  do { try writeFile(path, bytes) } catch { throw AudioError(path: error.path, kind: .file(error)) }
}
