import Glibc

/// A sound in whole numbers of 16 bits, for mixing that is to give the same numbers as a mixing desk of 16 bits does, such as pydub's.
public struct PCMClip: Sendable, Equatable {
  /// Frames a second.
  public let sampleRate: Int
  public let channels: Int
  /// [frameCount, channels]
  public var samples: [Int16]

  public var frameCount: Int { samples.count / channels }
  /// In milliseconds, rounded.
  public var milliseconds: Int { Int((1000 * Double(frameCount) / Double(sampleRate)).rounded()) }

  /// - Precondition: at least one channel and one hertz; `samples` are whole frames.
  public init(sampleRate: Int, channels: Int = 1, samples: [Int16]) {
    precondition(sampleRate > 0 && channels > 0, "a sound has at least 1 Hz and 1 channel, found \(sampleRate) and \(channels)")
    precondition(samples.count % channels == 0, "\(samples.count) samples are no whole frames of \(channels) channels")
    self.sampleRate = sampleRate
    self.channels = channels
    self.samples = samples
  }

  /// round(sample × 32768), limited to 16 bits: exact for sounds of 16 bits and less. What is not a number becomes 0.
  public init(_ audio: Audio) {
    self.init(
      sampleRate: audio.sampleRate, channels: audio.channels,
      samples: audio.samples.map { $0.isNaN ? 0 : Int16(max(-32768, min(32767, (Double($0) * 32768).rounded()))) })
  }

  /// sample = number / 32768
  public var audio: Audio { Audio(sampleRate: sampleRate, channels: channels, samples: samples.map { Float($0) / 32768 }) }

  /// A clip of one channel as one of `count` equal ones.
  ///
  /// - Precondition: the clip has one channel, or `count` already.
  public func spread(over count: Int) -> PCMClip {
    guard count != channels else { return self }
    precondition(channels == 1 && count > 0, "one channel may become several, not \(channels) become \(count)")
    return PCMClip(sampleRate: sampleRate, channels: count, samples: samples.flatMap { [Int16](repeating: $0, count: count) })
  }

  /// ⌊sample × 10^(decibels / 20)⌋, limited to 16 bits.
  public func amplified(byDecibels decibels: Double) -> PCMClip {
    precondition(!decibels.isNaN, "a gain is a number of decibels")
    let gain = pow(10, decibels / 20)
    return PCMClip(
      sampleRate: sampleRate, channels: channels,
      samples: samples.map { $0 == 0 ? 0 : Int16(max(-32768, min(32767, (Double($0) * gain).rounded(.down)))) })
  }

  /// The sum of this clip and `clip` from frame ⌊milliseconds × sampleRate / 1000⌋ on, limited to 16 bits. What goes beyond this clip's end is cut
  /// off.
  ///
  /// - Precondition: the clips have the same rate and channels; `milliseconds` is not negative.
  public func overlaid(with clip: PCMClip, atMilliseconds milliseconds: Int) -> PCMClip {
    precondition(clip.sampleRate == sampleRate && clip.channels == channels, "clips are mixed at one rate, with the same channels")
    precondition(milliseconds >= 0, "a clip is laid from a time that is not negative, found \(milliseconds)")
    let frame = min(Double(milliseconds) * Double(sampleRate) / 1000, Double(frameCount))
    let start = Int(frame) * channels
    var result = self
    for index in 0..<min(clip.samples.count, samples.count - start) {
      let sum = Int(samples[start + index]) + Int(clip.samples[index])
      result.samples[start + index] = Int16(clamping: sum)
    }
    return result
  }
}
