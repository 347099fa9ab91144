import Spectra
import Synchronization

/// Convolution with fixed responses through Fourier transforms, by several threads: y = x ∗ h, block by block (overlap-add, Stockham 1966).
final class Convolver: Sendable {
  let responses: Int
  private let count: Int
  private let longest: Int
  private let ones: [Float]
  private let spectra: [[Float]]
  private let idle: Mutex<[Lent]>

  /// A transform that one thread at a time has.
  private struct Lent: @unchecked Sendable { let transform: RealFFT }

  /// - Throws: ``SpectraError`` when FFTW is not installed.
  init(_ responses: [[Float]]) throws(SpectraError) {
    longest = responses.map(\.count).max() ?? 1
    var count = 1024
    while count < 2 * longest { count *= 2 }
    self.count = count
    self.responses = responses.count
    let transform = try RealFFT(count: count)
    let ones = [Float](repeating: 1, count: count)
    spectra = responses.map { response in
      transform.frames(response + [Float](repeating: 0, count: count - response.count), window: ones, isPower: false)
    }
    self.ones = ones
    idle = Mutex([Lent(transform: transform)])
  }

  /// Adds `samples` ∗ response `index` to `target` from `place` on; what goes beyond its end is cut off.
  func add(_ samples: [Float], response index: Int, to target: inout [Float], at place: Int) throws(SpectraError) {
    var lent = idle.withLock { $0.popLast() }
    if lent == nil { lent = Lent(transform: try RealFFT(count: count)) }
    guard let lent else { return }
    defer { idle.withLock { $0.append(lent) } }
    add(samples, response: spectra[index], to: &target, at: place, by: lent.transform)
  }

  private func add(_ samples: [Float], response: [Float], to target: inout [Float], at place: Int, by transform: RealFFT) {
    let block = count - longest + 1
    var input = [Float](repeating: 0, count: count)
    for start in stride(from: 0, to: samples.count, by: block) {
      let length = min(block, samples.count - start)
      for n in 0..<length { input[n] = samples[start + n] }
      for n in length..<count { input[n] = 0 }
      var spectrum = transform.frames(input, window: ones, isPower: false)
      for bin in 0..<transform.binCount {
        let (a, b, c, d) = (spectrum[2 * bin], spectrum[2 * bin + 1], response[2 * bin], response[2 * bin + 1])
        spectrum[2 * bin] = a * c - b * d
        spectrum[2 * bin + 1] = a * d + b * c
      }
      let heard = transform.inverse(spectrum, from: 0)
      let first = place + start, end = min(length + longest - 1, target.count - first)
      if end > 0 { for n in 0..<end { target[first + n] += heard[n] } }
    }
  }
}
