/// An utterance without the release of the stop it ends in. People close their mouth for the last sound of “activate” and often leave it at that; synthesisers never do.
///
/// The closure is the last stretch of at least 20 ms that is 25 dB below the loudest 5 ms; it ends at most 150 ms before the end. Of it 10 ms are left.
///
/// - Returns: nil where no closure is found.
public func withoutFinalRelease(_ samples: [Float], sampleRate: Int) -> [Float]? {
  let window = max(sampleRate / 200, 1), count = samples.count / window
  let energies = (0..<count).map { place in samples[place * window..<(place + 1) * window].reduce(Float(0)) { $0 + $1 * $1 } }
  guard let loudest = energies.max(), loudest > 0 else { return nil }
  var end = count
  while end > max(count - 30, 0) {
    guard energies[end - 1] < loudest * 0.00316 else {
      end -= 1
      continue
    }
    let first = (energies[..<end].lastIndex { $0 >= loudest * 0.00316 } ?? -1) + 1
    if end - first >= 4, first > 0, end < count { return Array(samples[..<((first + 2) * window)]) }
    end = first
  }
  return nil
}
