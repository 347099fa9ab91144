/// A sound: samples of one or more channels, 1 being full scale. The samples of all channels at one time, a frame, lie side by side.
public struct Audio: Sendable, Equatable {
  /// Frames a second.
  public let sampleRate: Int
  public let channels: Int
  /// [frameCount, channels]
  public var samples: [Float]

  public var frameCount: Int { samples.count / channels }
  /// In seconds.
  public var duration: Double { Double(frameCount) / Double(sampleRate) }

  /// - Precondition: at least one channel and one hertz; `samples` are whole frames.
  public init(sampleRate: Int, channels: Int = 1, samples: [Float]) {
    precondition(sampleRate > 0 && channels > 0, "a sound has at least 1 Hz and 1 channel, found \(sampleRate) and \(channels)")
    precondition(samples.count % channels == 0, "\(samples.count) samples are no whole frames of \(channels) channels")
    self.sampleRate = sampleRate
    self.channels = channels
    self.samples = samples
  }

  /// All channels as one: see ``mixedToMono(_:channels:)``.
  public func mixedToMono() -> Audio { Audio(sampleRate: sampleRate, samples: Media.mixedToMono(samples, channels: channels)) }

  /// The sound at another rate, of ⌈frameCount × rate / sampleRate⌉ frames: see ``Resampler``.
  ///
  /// - Throws: ``AudioError`` when the rates differ more than 256 times.
  public func resampled(to rate: Int, quality: Resampler.Quality = .best) throws(AudioError) -> Audio {
    guard rate != sampleRate else { return self }
    let resampler = try Resampler(from: sampleRate, to: rate, channels: channels, quality: quality)
    var result = try resampler.push(samples)
    result += try resampler.finish()
    return Audio(sampleRate: rate, channels: channels, samples: result)
  }
}

/// The mean of the channels, for each frame: mono[t] = Σ_c samples[t, c] / channels. All channels count alike, those of surround sound too.
public func mixedToMono(_ samples: [Float], channels: Int) -> [Float] {
  guard channels > 1 else { return samples }
  let part = 1 / Float(channels)
  var mono = [Float](repeating: 0, count: samples.count / channels)
  for frame in mono.indices {
    var sum: Float = 0
    for channel in 0..<channels { sum += samples[frame * channels + channel] }
    mono[frame] = sum * part
  }
  return mono
}
