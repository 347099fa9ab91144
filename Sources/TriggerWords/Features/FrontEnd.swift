public import Spectra

/// What a network hears of a sound.
public enum FrontEnd: String, Sendable, CaseIterable {
  /// 40 mel bands from 60 to 7,600 Hz at 16 kHz, 100 times a second, with ``EnergyNormalization``.
  case mel
  /// The course's spectrogram: 101 bins of 44.1 kHz, 551 times a second, as densities of whole numbers of 16 bits.
  case course

  /// Samples a second of what it is given.
  public var sampleRate: Int { self == .mel ? 16_000 : 44_100 }
  /// Numbers a frame.
  public var width: Int { self == .mel ? 40 : STFT.triggerWord.binCount }
  /// Samples from a frame to the next.
  public var hop: Int { transform.hop }

  var transform: STFT { self == .mel ? Self.melTransform : .triggerWord }
  private static let melTransform = STFT(length: 512, hop: 160, window: .hann, windowLength: 400, edges: .none)
  static let filters = MelFilters(40, length: 512, sampleRate: 16_000, range: 60...7600, scale: .htk, isNormalized: false)
}

/// The frames of a sound that comes block by block: the same numbers, bit for bit, however it is cut.
///
/// Frame t ends with sample (t + 1) · hop: before the sound lies silence. One thread at a time may use it.
public final class FeatureStream {
  public let frontEnd: FrontEnd
  private let transform: StreamingSTFT
  private var normalization: EnergyNormalization
  private var hasBegun = false

  /// - Throws: ``SpectraError`` when FFTW is not installed.
  public init(_ frontEnd: FrontEnd) throws(SpectraError) {
    self.frontEnd = frontEnd
    // Densities are told per hertz of the rate that the course gives to specgram: 8,000.
    transform = try StreamingSTFT(frontEnd.transform, frontEnd == .mel ? .power : .density(sampleRate: 8000))
    normalization = EnergyNormalization(bands: frontEnd.width)
  }

  /// Makes it ready for another sound.
  public func restart() {
    _ = transform.finish()
    normalization = EnergyNormalization(bands: frontEnd.width)
    hasBegun = false
  }

  /// The frames that are complete with these samples, of one channel, at the front end's rate.
  public func push(_ samples: [Float]) -> Frames {
    var samples = samples
    if !hasBegun {
      samples = [Float](repeating: 0, count: frontEnd.transform.length - frontEnd.hop) + samples
      hasBegun = true
    }
    let spectrum = transform.push(samples)
    switch frontEnd {
    case .mel: return normalization(FrontEnd.filters(spectrum))
    case .course:
      var frames = spectrum
      for index in frames.values.indices { frames.values[index] *= 32_768 * 32_768 }
      return frames
    }
  }
}
