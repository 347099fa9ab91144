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

  /// Transforms `window` · `samples[start...]` of `count` samples; the result is to be had from ``writeSpectrum(to:at:)`` and ``writePower(to:at:)``.
  public func forward(_ samples: [Float], from start: Int, window: [Float]) {
    precondition(
      start >= 0 && samples.count - start >= count && window.count == count, "\(samples.count) samples from \(start), a window of \(window.count)")
    let real = unsafe handle.pointee.real!
    unsafe samples.withUnsafeBufferPointer { samples in
      unsafe window.withUnsafeBufferPointer { window in
        for n in 0..<count { unsafe real[n] = samples[start + n] * window[n] }
      }
    }
    unsafe percept_fft_forward(handle)
  }

  /// Writes X of the last transform into `target[offset...]`: [binCount, 2], real and imaginary parts.
  public func writeSpectrum(to target: inout [Float], at offset: Int) {
    precondition(offset >= 0 && target.count - offset >= 2 * binCount, "\(binCount) pairs do not fit at \(offset) of \(target.count)")
    let complex = unsafe handle.pointee.complex!
    unsafe target.withUnsafeMutableBufferPointer { target in
      for index in 0..<2 * binCount { unsafe target[offset + index] = complex[index] }
    }
  }

  /// Writes |X[k]|² of the last transform into `target[offset...]`.
  public func writePower(to target: inout [Float], at offset: Int) {
    precondition(offset >= 0 && target.count - offset >= binCount, "\(binCount) bins do not fit at \(offset) of \(target.count)")
    let complex = unsafe handle.pointee.complex!
    unsafe target.withUnsafeMutableBufferPointer { target in
      for k in 0..<binCount { unsafe target[offset + k] = complex[2 * k] * complex[2 * k] + complex[2 * k + 1] * complex[2 * k + 1] }
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
