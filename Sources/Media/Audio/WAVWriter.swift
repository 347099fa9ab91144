import Files

/// A WAV file of 16 bits that is written block by block: memory holds a block. A reader sees the old file or, after ``finish()``, the whole new one.
///
/// sample → round(sample × 32768), limited to 16 bits, as ``saveAudio(_:to:samples:)`` does.
public final class WAVWriter {
  public let sampleRate, channels: Int
  /// Frames that have been written.
  public private(set) var frameCount = 0
  private let file: FileWriter
  private let headerCount: Int

  /// - Throws: ``AudioError`` when the file cannot be written, or there are more channels than the format has room for.
  public init(_ path: String, sampleRate: Int, channels: Int) throws(AudioError) {
    precondition(sampleRate > 0 && channels > 0, "a sound has at least 1 Hz and 1 channel, found \(sampleRate) and \(channels)")
    guard channels <= 1024, sampleRate <= Int(UInt32.max) / (2 * channels) else {
      throw AudioError(path: path, kind: .notEncodable(reason: "WAV has no room for \(channels) channels at \(sampleRate) Hz"))
    }
    self.sampleRate = sampleRate
    self.channels = channels
    let header = WAVWriter.header(sampleRate: sampleRate, channels: channels, dataCount: 0)
    headerCount = header.count
    do {
      file = try FileWriter(path)
      try file.write(header)
    } catch { throw AudioError(path: path, kind: .file(error)) }
  }

  /// Adds interleaved samples of whole frames.
  ///
  /// - Throws: ``AudioError`` when the file cannot be written or would be larger than 4 GiB, or a sample is not a number.
  public func write(_ samples: [Float]) throws(AudioError) {
    precondition(samples.count % channels == 0, "\(samples.count) samples are no whole frames of \(channels) channels")
    if let wrong = samples.firstIndex(where: { !$0.isFinite }) {
      throw AudioError(path: file.path, kind: .notFinite(frame: frameCount + wrong / channels, channel: wrong % channels))
    }
    let count = samples.count / channels
    guard (frameCount + count) * channels * 2 <= Int(UInt32.max) - 4096 else {
      throw AudioError(path: file.path, kind: .notEncodable(reason: "it would be larger than 4 GiB; cut the sound into parts"))
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 * samples.count)
    for sample in samples {
      let number = Int16(max(-32768, min(32767, (sample * 32768).rounded())))
      bytes.append(UInt8(truncatingIfNeeded: number))
      bytes.append(UInt8(truncatingIfNeeded: number >> 8))
    }
    do { try file.write(bytes) } catch { throw AudioError(path: file.path, kind: .file(error)) }
    frameCount += count
  }

  /// Completes the header and gives the file its name.
  public func finish() throws(AudioError) {
    do {
      try file.overwrite(WAVWriter.header(sampleRate: sampleRate, channels: channels, dataCount: frameCount * channels * 2), at: 0)
      try file.finish()
    } catch { throw AudioError(path: file.path, kind: .file(error)) }
  }

  /// RIFF, `fmt ` and the head of `data`. More than two channels need the extended `fmt `, here with channels that have no place in the room.
  private static func header(sampleRate: Int, channels: Int, dataCount: Int) -> [UInt8] {
    let isExtended = channels > 2, formatCount = isExtended ? 40 : 16
    var bytes: [UInt8] = []
    func put(_ text: String) { bytes += Array(text.utf8) }
    func put(_ number: Int, bytes count: Int) { for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) } }
    put("RIFF")
    put(4 + 8 + formatCount + 8 + dataCount, bytes: 4)
    put("WAVEfmt ")
    put(formatCount, bytes: 4)
    put(isExtended ? 0xFFFE : 1, bytes: 2)
    put(channels, bytes: 2)
    put(sampleRate, bytes: 4)
    put(sampleRate * channels * 2, bytes: 4)
    put(channels * 2, bytes: 2)
    put(16, bytes: 2)
    if isExtended {
      put(22, bytes: 2)
      put(16, bytes: 2)  // valid bits
      put(0, bytes: 4)  // no places
      bytes += [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]  // PCM
    }
    put("data")
    put(dataCount, bytes: 4)
    return bytes
  }
}
