import Glibc
public import Spectra
public import Tensors

/// Noise whose power falls with frequency by a power: S(f) ∝ f^(−exponent).
public enum NoiseColor: Int, Sendable, CaseIterable {
  case white = 0, pink, brown
}

/// `count` samples of noise of mean square 1: normally distributed amplitudes in all bins, divided by f^(color / 2), transformed back. The last
/// sample is followed by the first as by any other, so that the noise may be repeated. Below 20 Hz there is nothing.
///
/// - Throws: ``SpectraError`` when FFTW is not installed.
public func coloredNoise(_ color: NoiseColor, count: Int, sampleRate: Int, using random: inout RandomNumbers) throws(SpectraError) -> [Float] {
  precondition(count > 1, "noise has samples, found \(count)")
  let transform = try RealFFT(count: count)
  var spectrum = [Float](repeating: 0, count: 2 * transform.binCount)
  let lowest = max(20 * count / sampleRate, 1)
  for bin in lowest..<max(transform.binCount - 1, lowest) {
    let size = powf(Float(bin), -Float(color.rawValue) / 2)
    spectrum[2 * bin] = size * random.normal()
    spectrum[2 * bin + 1] = size * random.normal()
  }
  let noise = transform.inverse(spectrum, from: 0)
  var samples = [Float](repeating: 0, count: count)
  for index in samples.indices { samples[index] = noise[index] }
  let power = meanSquare(samples)
  guard power > 0 else { return samples }
  let scale = 1 / power.squareRoot()
  for index in samples.indices { samples[index] *= scale }
  return samples
}
