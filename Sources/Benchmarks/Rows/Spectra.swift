import Glibc
import Spectra

extension Benchmark {
  /// Spectra of a minute of sound at 44,100 Hz: frames of 1,024 samples, 256 apart.
  static let spectra: [Benchmark] = [
    Benchmark("stft-minute fp32") { _ throws(BenchmarkError) in
      try spectrum("stft-minute fp32", .complex, perFrame: { Array($0.prefix(2 * $1)) }) { $0 }
    },
    Benchmark("mel-minute fp32") { _ throws(BenchmarkError) in
      let filters = MelFilters(64, length: transform.length, sampleRate: Double(sampleRate))
      return try spectrum("mel-minute fp32", .power, perFrame: { numbers, bins in
        let power: [Float] = (0..<bins).map { bin in
          let (real, imaginary) = (numbers[2 * bin], numbers[2 * bin + 1])
          return real * real + imaginary * imaginary
        }
        return filters(Frames(width: bins, values: power)).values
      }) { filters($0) }
    },
  ]

  private static let sampleRate = 44_100
  private static let transform = STFT(length: 1024, hop: 256)

  /// - Parameters:
  ///   - perFrame: what is made of the spectrum of one frame, which the sum of the formula gives.
  ///   - finish: what is made of all frames.
  private static func spectrum(
    _ row: String, _ quantity: Quantity, perFrame: ([Float], _ bins: Int) -> [Float], _ finish: @escaping @Sendable (Frames) -> Frames
  ) throws(BenchmarkError) -> PreparedBenchmark {
    let sound: [Float] = (0..<60 * sampleRate).map { sample in 0.5 * sinf(0.02 * Float(sample % 4410)) + 0.1 * sinf(0.31 * Float(sample % 1000)) }
    guard let stream = try? StreamingSTFT(transform, quantity) else { throw BenchmarkError(row: row, difference: .infinity, tolerance: 0) }
    let found = finish(stream.finish(sound)), frame = 1000, bins = transform.binCount
    var numbers = [Float](repeating: 0, count: 2 * bins)
    for k in 0..<bins {
      var (real, imaginary) = (0.0, 0.0)
      for n in 0..<transform.length {
        let value = Double(transform.window[n] * sound[frame * transform.hop + n - transform.length / 2])
        let angle = -2 * Double.pi * Double(k * n % transform.length) / Double(transform.length)
        real += value * cos(angle)
        imaginary += value * sin(angle)
      }
      numbers[2 * k] = Float(real)
      numbers[2 * k + 1] = Float(imaginary)
    }
    let expected = perFrame(numbers, bins), largest = expected.map(abs).max()!
    let difference = zip(expected, 0..<found.width).map { abs($0 - found[frame, $1]) }.max()! / largest
    guard difference < 1e-4 else { throw BenchmarkError(row: row, difference: difference, tolerance: 1e-4) }
    return PreparedBenchmark(work: .bytes(4 * (sound.count + found.values.count)), run: { _ = finish(stream.finish(sound)) })
  }
}
