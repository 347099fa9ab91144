/// y[i] = x[i] / keep where u(i) < keep, else 0, with u(i) drawn evenly from [0, 1) for each element (Srivastava et al. 2014, scaled in training).
///
/// u depends on the two seeds and the place alone, by a hash of its own: the same for any number of threads, and for the gradient.
public func dropout(_ x: Span<Float>, keep: Float, seeds: Span<Float>, into y: inout MutableSpan<Float>, on processor: Processor) {
  precondition(x.count == y.count && seeds.count == 2 && keep > 0 && keep <= 1)
  let seed = mixed(UInt64(seeds[0].bitPattern) << 32 | UInt64(seeds[1].bitPattern))
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let first = x.baseAddress, let result = y.baseAddress else { return }
      let work = (x: first, y: result, count: y.count, seed: seed, keep: keep)
      processor.threads.forEach((y.count + 8_191) / 8_192, work) { work, _, piece in
        let scale = 1 / work.keep, limit = UInt64((Double(work.keep) * 0x1p32).rounded())
        for i in piece * 8_192..<min(work.count, (piece + 1) * 8_192) {
          work.y[i] = mixed(work.seed &+ UInt64(i)) >> 32 < limit ? work.x[i] * scale : 0
        }
      }
    }
  }
}

/// SplitMix64's output function (Steele et al. 2014) of a step of its sequence.
private func mixed(_ counter: UInt64) -> UInt64 {
  var word = counter &* 0x9E37_79B9_7F4A_7C15
  word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
  word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
  return word ^ (word >> 31)
}
