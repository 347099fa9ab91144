import Glibc

/// A sound through a telephone line: 300 to 3,400 Hz, and 8 bits a sample by the µ-law (ITU-T G.711).
///
///     F(x) = sign(x) ln(1 + 255 |x|) / ln 256,  rounded to 127 steps on each side, and back
///
/// A line takes 8,000 samples a second; here all samples are rounded, and what that adds above 3,400 Hz is filtered out again, which sounds the
/// same. Levels are relative to full scale: a soft sound is rounded finely.
public func telephoned(_ samples: [Float], sampleRate: Int) -> [Float] {
  guard sampleRate > 7000 else { return samples }
  let low = ButterworthFilter(.lowPass, hertz: 3400, order: 8, sampleRate: sampleRate)
  var line = low(ButterworthFilter(.highPass, hertz: 300, order: 4, sampleRate: sampleRate)(samples))
  let logarithm = logf(256)
  for index in line.indices {
    let size = min(abs(line[index]), 1), code = (127 * log1pf(255 * size) / logarithm).rounded()
    line[index] = copysignf(expm1f(code / 127 * logarithm) / 255, line[index])
  }
  return low(line)
}
