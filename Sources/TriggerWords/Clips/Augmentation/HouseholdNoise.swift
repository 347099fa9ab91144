import Glibc
public import Tensors

/// What steady noise lacks in a house: y = swell · noise + hum + knocks. The swell is a line through points a second apart from a fifth to 1, the hum, in two of five, a tone
/// and its overtones, a knock a burst of noise that dies away in 3 to 30 ms, up to three in a second.
public func householdNoise(over noise: [Float], sampleRate: Int, using random: inout RandomNumbers) -> [Float] {
  let level = meanSquare(noise).squareRoot(), count = noise.count
  guard count > 0 else { return [] }
  let points = (0...count / sampleRate + 1).map { _ in random.uniform(in: 0.2..<1) }
  var result = noise
  for index in 0..<count {
    let place = index / sampleRate, part = Float(index % sampleRate) / Float(sampleRate)
    result[index] *= points[place] + part * (points[place + 1] - points[place])
  }
  if random.uniform() < 0.4 {
    let hertz = random.uniform(in: 50..<600), loudness = level * random.uniform(in: 0.2..<2)
    for harmonic in 1...4 where Float(harmonic) * hertz < 0.45 * Float(sampleRate) {
      let step = 2 * Float.pi * Float(harmonic) * hertz / Float(sampleRate), own = loudness * random.uniform() / Float(harmonic)
      for index in 0..<count { result[index] += own * sinf((step * Float(index)).truncatingRemainder(dividingBy: 2 * .pi)) }
    }
  }
  for _ in 0..<Int(random.uniform() * 3 * Float(count) / Float(sampleRate)) {
    let first = Int(random.next() % UInt64(count)), loudness = level * amplitude(decibels: random.uniform(in: 0..<30))
    let decay = expf(-1 / (random.uniform(in: 0.003..<0.03) * Float(sampleRate)))
    var gain = loudness
    for index in first..<count where gain > 0.01 * loudness {
      result[index] += gain * random.uniform(in: -1.7..<1.7)
      gain *= decay
    }
  }
  return result
}
