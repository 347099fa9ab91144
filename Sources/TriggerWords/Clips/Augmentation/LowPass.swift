/// What a cheap microphone leaves: a Butterworth low-pass of fourth order, half the power at `hertz`.
public func lowPassed(_ samples: [Float], hertz: Float, sampleRate: Int) -> [Float] {
  guard 2.1 * hertz < Float(sampleRate) else { return samples }
  return ButterworthFilter(.lowPass, hertz: hertz, order: 4, sampleRate: sampleRate)(samples)
}
