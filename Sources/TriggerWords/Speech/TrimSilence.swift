/// `samples` without the silence before and after: from the first to the last window of 5 ms whose mean square is above −`decibels` dB of the
/// loudest window's, and 5 ms more on each side. Labels sit at the end of a word, so that silence after it would move them.
///
/// - Returns: nothing when all is silence.
public func trimmedOfSilence(_ samples: [Float], sampleRate: Int, decibels: Float = 38) -> [Float] {
  let window = max(sampleRate / 200, 1), count = (samples.count + window - 1) / window
  var energies = [Float](repeating: 0, count: count)
  for index in samples.indices { energies[index / window] += samples[index] * samples[index] }
  guard let loudest = energies.max(), loudest > 1e-9 * Float(window) else { return [] }
  var threshold = loudest
  for _ in 0..<Int(decibels) { threshold *= 0.794_328_2 }
  guard let first = energies.firstIndex(where: { $0 > threshold }), let last = energies.lastIndex(where: { $0 > threshold }) else { return [] }
  return Array(samples[max((first - 1) * window, 0)..<min((last + 2) * window, samples.count)])
}
