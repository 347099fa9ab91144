import Files

/// What a sound file's header says.
public struct AudioFacts: Sendable, Equatable {
  /// Frames a second.
  public let sampleRate: Int
  public let channels: Int
  /// Nil when the header does not say; a guess for MP3.
  public let frameCount: Int?
  /// Such as “WAV (Microsoft)”.
  public let container: String
  /// Such as “Signed 16 bit PCM”.
  public let coding: String

  public init(sampleRate: Int, channels: Int, frameCount: Int?, container: String, coding: String) {
    self.sampleRate = sampleRate
    self.channels = channels
    self.frameCount = frameCount
    self.container = container
    self.coding = coding
  }
}

/// A sound file that is read from its start to its end, block by block: memory depends on the size of a block, not on the file's.
///
/// ```swift
/// let file = try AudioFile("clip.flac")
/// while true {
///   let block = try file.read(upTo: 4096)   // [frames, channels]
///   if block.isEmpty { break }
/// }
/// ```
///
/// One thread at a time may use it.
public final class AudioFile {
  public let path: String
  public let facts: AudioFacts
  /// Frames that have been read.
  public private(set) var position = 0
  private let sound: SoundFile

  /// The file at `path`, or all of standard input when `path` is `-` (that is then kept in memory, undecoded).
  ///
  /// - Throws: ``AudioError`` when the file cannot be read, holds no sound, or its header is damaged.
  public convenience init(_ path: String) throws(AudioError) {
    if path == "-" {
      let bytes: [UInt8]
      do { bytes = try readFile(path) } catch { throw AudioError(path: error.path, kind: .file(error)) }
      try self.init(bytes: bytes, path: "standard input")
    } else {
      try self.init(SoundFile(path), path: path)
    }
  }

  /// The sound file that `bytes` hold.
  ///
  /// - Parameter path: the name of the file for error messages.
  public convenience init(bytes: [UInt8], path: String) throws(AudioError) { try self.init(SoundFile(bytes: bytes, path: path), path: path) }

  private init(_ sound: SoundFile, path: String) throws(AudioError) {
    guard sound.facts.sampleRate > 0, (1...AudioFile.mostChannels).contains(sound.facts.channels) else {
      throw AudioError(path: path, kind: .damaged(reason: "it claims \(sound.facts.channels) channels at \(sound.facts.sampleRate) Hz"))
    }
    self.sound = sound
    self.path = path
    facts = sound.facts
  }

  private static let mostChannels = 1024

  /// The next frames, interleaved: up to `frames` of them, none at the end.
  ///
  /// - Throws: ``AudioError`` when the data cannot be decoded, end before they should, or hold what is not a number.
  public func read(upTo frames: Int) throws(AudioError) -> [Float] {
    let samples = try sound.read(max(frames, 1)), channels = facts.channels, count = samples.count / channels
    if let wrong = samples.firstIndex(where: { !($0.magnitude <= 1e12) }) {
      throw AudioError(path: path, kind: .notFinite(frame: position + wrong / channels, channel: wrong % channels))
    }
    position += count
    if count < max(frames, 1), sound.isExact, let expected = facts.frameCount, position < expected {
      throw AudioError(path: path, kind: .cutShort(found: position, expected: expected))
    }
    return samples
  }
}

/// What reading a whole sound may cost.
public struct AudioOptions: Sendable {
  /// Sounds of more samples, all channels counted, are refused. 2²⁸ unless changed: 100 minutes at 44.1 kHz.
  public var largestSampleCount = 1 << 28

  public init() {}
}

/// The sound in the file at `path`, or on standard input when `path` is `-`, with its own rate and channels.
///
/// - Throws: ``AudioError`` when it cannot be read, is damaged, or longer than `options` allow.
public func loadAudio(_ path: String, options: AudioOptions = .init()) throws(AudioError) -> Audio {
  try readWhole(AudioFile(path), options: options)
}

/// The sound that the bytes of a file hold: see ``loadAudio(_:options:)``.
public func decodeAudio(_ bytes: [UInt8], path: String, options: AudioOptions = .init()) throws(AudioError) -> Audio {
  try readWhole(AudioFile(bytes: bytes, path: path), options: options)
}

private func readWhole(_ file: AudioFile, options: AudioOptions) throws(AudioError) -> Audio {
  let channels = file.facts.channels, limit = max(options.largestSampleCount, 0)
  guard (file.facts.frameCount ?? 0) <= limit / channels else { throw AudioError(path: file.path, kind: .tooLong(limit: limit)) }
  var samples: [Float] = []
  while true {
    let block = try file.read(upTo: max(65_536 / channels, 64))
    if block.isEmpty { break }
    guard samples.count <= limit - block.count else { throw AudioError(path: file.path, kind: .tooLong(limit: limit)) }
    samples += block
  }
  return Audio(sampleRate: file.facts.sampleRate, channels: channels, samples: samples)
}
