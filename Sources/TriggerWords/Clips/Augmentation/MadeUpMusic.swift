import Glibc
public import Tensors

/// `count` samples of made-up music of mean square 1: a melody, chords and a bass in a random scale and beat, each note a sum of partials that decays.
///
///     note(t) = e(t) Σₖ k^(−slope) · sin(2π k f (1 + stretch · k²) t),   e(t) = min(1, t / attack) · exp(−t / decay)
///
/// What speech and music share, steady pitches that begin and end, is what a network has to hear as no speech. The last sample may be followed by the first.
public func madeUpMusic(count: Int, sampleRate: Int, using random: inout RandomNumbers) -> [Float] {
  precondition(count > 0 && sampleRate > 0, "\(count) samples at \(sampleRate) Hz")
  var samples = [Float](repeating: 0, count: count)
  let scales = [[0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10], [0, 2, 4, 7, 9]]
  let scale = scales[Int(random.next() % UInt64(scales.count))], root = random.uniform(in: 45..<57)
  let beat = random.uniform(in: 0.18..<0.5), rate = Float(sampleRate)
  func hertz(_ degree: Int) -> Float {
    let octave = Int((Double(degree) / Double(scale.count)).rounded(.down)), place = degree - octave * scale.count
    return 440 * powf(2, (root + Float(12 * octave + scale[place]) - 69) / 12)
  }
  let instruments = (0..<3).map { _ in Instrument(using: &random) }
  var time: Float = 0, degree = 7, length = Float(count) / rate
  while time < length {
    // The melody moves by small steps; every fourth beat has a chord and a bass.
    degree = min(max(degree + Int(random.next() % 5) - 2, 3), 16)
    var notes = [(instruments[0], hertz(degree), Float(0.8))]
    if Int(time / beat) % 4 == 0 {
      let chord = Int(random.next() % UInt64(scale.count))
      notes += [0, 2, 4].map { (instruments[1], hertz(chord + $0), 0.4) } + [(instruments[2], hertz(chord - scale.count), 0.7)]
    }
    for (instrument, pitch, gain) in notes { instrument.play(pitch, gain: gain, at: Int(time * rate), sampleRate: rate, into: &samples) }
    time += beat * Float(1 + Int(random.next() % 3)) * 0.5
    length = Float(count) / rate
  }
  let power = meanSquare(samples)
  guard power > 0 else { return samples }
  let level = 1 / power.squareRoot()
  for index in samples.indices { samples[index] *= level }
  return samples
}

private struct Instrument {
  let slope, stretch, attack, decay: Float
  let partials: Int

  init(using random: inout RandomNumbers) {
    slope = random.uniform(in: 0.5..<2.2)
    // Strings are almost harmonic, bells are not.
    stretch = random.uniform() < 0.3 ? random.uniform(in: 0.001..<0.02) : 0
    attack = random.uniform(in: 0.003..<0.12)
    decay = random.uniform(in: 0.08..<0.8)
    partials = 3 + Int(random.next() % 8)
  }

  /// Adds a note; what reaches over the end goes on at the beginning.
  func play(_ pitch: Float, gain: Float, at start: Int, sampleRate: Float, into samples: inout [Float]) {
    let count = min(Int(4 * decay * sampleRate), samples.count)
    for partial in 1...partials {
      let number = Float(partial), frequency = pitch * number * (1 + stretch * number * number)
      guard frequency < 0.45 * sampleRate else { break }
      // sin(a + b) from sin a and cos a: a rotation a sample.
      let angle = 2 * Float.pi * frequency / sampleRate, turn = (real: cosf(angle), imaginary: sinf(angle)), size = gain * powf(number, -slope)
      var (real, imaginary) = (Float(1), Float(0))
      let fall = expf(-1 / (decay * sampleRate)), rise = 1 / max(1, attack * sampleRate)
      var envelope = size
      for offset in 0..<count {
        (real, imaginary) = (real * turn.real - imaginary * turn.imaginary, real * turn.imaginary + imaginary * turn.real)
        envelope *= fall
        let place = start + offset
        samples[place < samples.count ? place : place % samples.count] += envelope * min(1, Float(offset) * rise) * imaginary
      }
    }
  }
}
