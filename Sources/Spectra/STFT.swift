/// The short-time Fourier transform: a spectrum every `hop` samples.
///
///     X[t, k] = Σₙ window[n] x[t · hop + n − pad] exp(−2πi kn / length)
///
/// `pad` is 0 for ``Edges/none``, and length / 2 for the others: frame t is then centred on sample t · hop.
public struct STFT: Sendable, Hashable {
  /// What lies before the first sample and after the last.
  public enum Edges: Sendable, Hashable {
    /// Nothing: only frames that lie inside of the sound.
    case none
    /// length / 2 zeros, librosa's way since 0.10.
    case zeros
    /// length / 2 samples mirrored at the first and at the last, which are not repeated.
    case mirrored
  }

  /// Samples a frame: the length of the transform.
  public let length: Int
  /// Samples from a frame to the next.
  public let hop: Int
  /// `length` weights.
  public let window: [Float]
  public let edges: Edges

  /// Bins a spectrum; bin k is at k · sampleRate / length hertz.
  public var binCount: Int { length / 2 + 1 }
  var pad: Int { edges == .none ? 0 : length / 2 }

  /// - Precondition: `length` is from 1 to 2²⁴, `hop` at least 1; a window has as many weights as there are samples in a frame.
  public init(length: Int, hop: Int, window: [Float], edges: Edges = .zeros) {
    precondition((1...1 << 24).contains(length) && hop >= 1, "frames of 1 to 2^24 samples, 1 or more apart; found \(length) and \(hop)")
    precondition(window.count == length, "a window for frames of \(length) samples, found one of \(window.count)")
    self.length = length
    self.hop = hop
    self.window = window
    self.edges = edges
  }

  /// With a window function over `windowLength` samples (`length` if nil), in the middle of the frame.
  public init(
    length: Int, hop: Int, window: WindowFunction = .hann, windowLength: Int? = nil, isPeriodic: Bool = true, edges: Edges = .zeros
  ) {
    let count = windowLength ?? length
    precondition((1...max(length, 1)).contains(count), "a window of 1 to \(length) samples, found \(count)")
    let before = (length - count) / 2, none = { (count: Int) in [Float](repeating: 0, count: count) }
    self.init(
      length: length, hop: hop, window: none(before) + window.weights(count, isPeriodic: isPeriodic) + none(length - count - before), edges: edges)
  }

  /// matplotlib's specgram with the numbers of the course's trigger-word network: frames of 200 samples, 80 apart, Hann's symmetric window. Of ten
  /// seconds at 44,100 Hz it makes 5,511 frames of 101 bins, as ``Quantity/density(sampleRate:)`` at 8,000.
  public static let triggerWord = STFT(length: 200, hop: 80, window: .hann, isPeriodic: false, edges: .none)

  /// How many frames there are of a sound.
  public func frameCount(samples count: Int) -> Int {
    guard count > 0, count + 2 * pad >= length else { return 0 }
    return (count + 2 * pad - length) / hop + 1
  }

  /// The spectra of a whole sound: see ``StreamingSTFT``, which gives the same numbers block by block.
  ///
  /// - Throws: ``SpectraError`` when FFTW is not installed.
  public func spectrum(of samples: [Float], _ quantity: Quantity) throws(SpectraError) -> Frames {
    try StreamingSTFT(self, quantity).finish(samples)
  }

  /// The sound whose spectra come closest to `frames` (complex ones), by overlapping and adding (Griffin and Lim 1984):
  ///
  ///     x[n] = Σₜ window[n − t · hop] yₜ[n − t · hop] / Σₜ window[n − t · hop]²
  ///
  /// - Parameter count: how many samples there are; nil: as many as the frames tell of.
  /// - Throws: ``SpectraError`` when FFTW is not installed.
  public func samples(from frames: Frames, count: Int? = nil) throws(SpectraError) -> [Float] {
    precondition(frames.width == 2 * binCount, "frames of \(2 * binCount) numbers are this transform's, found \(frames.width)")
    guard frames.count > 0 else { return [Float](repeating: 0, count: count ?? 0) }
    let fft = try RealFFT(count: length), whole = (frames.count - 1) * hop + length
    var sum = [Float](repeating: 0, count: whole), weight = sum
    for frame in 0..<frames.count {
      let numbers = fft.inverse(frames.values, from: frame * frames.width), start = frame * hop
      for n in 0..<length {
        sum[start + n] += window[n] * numbers[n]
        weight[start + n] += window[n] * window[n]
      }
    }
    let wanted = max(count ?? whole - 2 * pad, 0)
    return (0..<wanted).map { index in
      let place = index + pad
      guard place < whole else { return 0 }
      return weight[place] > Float.leastNormalMagnitude ? sum[place] / weight[place] : sum[place]
    }
  }
}

/// What a spectrum is told in.
public enum Quantity: Sendable, Hashable {
  /// X: real and imaginary part of each bin.
  case complex
  /// |X|
  case magnitude
  /// |X|²
  case power
  /// Power spectral density, one-sided, as matplotlib's specgram and Welch (1967): |X|² / (sampleRate Σ window²), twice that for the bins whose
  /// mirror images are left out (all but 0 and length / 2).
  case density(sampleRate: Double)
}
