import CFFTW

/// The discrete Fourier transform of `count` real numbers, both ways, through FFTW (Frigo and Johnson 2005). This file is the only one that knows
/// the library.
///
///     X[k] = Σₙ x[n] exp(−2πi kn / count),  k = 0 … count / 2
///
/// Plans are made once, here, under a lock; any thread may make a transform, and one at a time may use it.
@safe public final class RealFFT {
  public let count: Int
  /// ⌊count / 2⌋ + 1
  public let binCount: Int
  private let handle: UnsafeMutablePointer<percept_fft>

  /// - Precondition: `count` is from 1 to 2²⁴.
  /// - Throws: ``SpectraError`` when FFTW is not installed.
  public init(count: Int) throws(SpectraError) {
    precondition((1...1 << 24).contains(count), "a transform is of 1 to 2^24 numbers, found \(count)")
    var message = [CChar](repeating: 0, count: Int(PERCEPT_FFT_MESSAGE))
    guard let handle = unsafe percept_fft_open(Int32(count), &message) else {
      throw SpectraError(reason: String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    unsafe self.handle = handle
    self.count = count
    binCount = count / 2 + 1
  }

  deinit { unsafe percept_fft_close(handle) }

  /// The transforms of `count` parts of a sound, one behind the other: of `window` · `samples[start + frame · hop...]`, or without a window; real and
  /// imaginary parts, [count, binCount, 2], or |X|², [count, binCount].
  public func frames(_ samples: [Float], from start: Int = 0, hop: Int = 1, count: Int = 1, window: [Float]? = nil, isPower: Bool) -> [Float] {
    guard count > 0 else { return [] }
    let window = window ?? [Float](repeating: 1, count: self.count)
    precondition(
      start >= 0 && hop > 0 && window.count == self.count && samples.count - start - (count - 1) * hop >= self.count,
      "\(samples.count) samples from \(start), \(count) frames \(hop) apart")
    let size = count * binCount * (isPower ? 1 : 2)
    return unsafe [Float](unsafeUninitializedCapacity: size) { target, written in
      unsafe samples.withUnsafeBufferPointer { samples in
        unsafe window.withUnsafeBufferPointer { window in
          unsafe percept_fft_frames(
            handle, samples.baseAddress! + start, Int64(hop), Int64(count), window.baseAddress!, isPower ? 1 : 0, target.baseAddress!)
        }
      }
      written = size
    }
  }

  /// The numbers whose transform is `spectrum[start...]`, [binCount, 2]: x[n] = Σₖ X[k] exp(2πi kn / count) / count. Until the next transform.
  @_lifetime(borrow self)
  public func inverse(_ spectrum: [Float], from start: Int) -> Span<Float> {
    precondition(start >= 0 && spectrum.count - start >= 2 * binCount, "\(spectrum.count) numbers from \(start) are no spectrum of \(binCount) bins")
    let complex = unsafe handle.pointee.complex!, real = unsafe handle.pointee.real!, part = 1 / Float(count)
    for k in 0..<2 * binCount { unsafe complex[k] = spectrum[start + k] * part }
    unsafe percept_fft_inverse(handle)
    return unsafe _overrideLifetime(Span(_unsafeStart: real, count: count), borrowing: self)
  }
}
