import Glibc

/// Pitch as people hear it, in mel.
public enum MelScale: String, Sendable, CaseIterable {
  /// Slaney's Auditory Toolbox (1998): linear up to 1,000 Hz (15 mel), from there on logarithmic, 27 steps for a factor of 6.4.
  case slaney
  /// HTK and O'Shaughnessy (1987): 2595 log₁₀(1 + f / 700).
  case htk

  public func mel(hertz: Double) -> Double {
    switch self {
    case .slaney: hertz < 1000 ? hertz * 3 / 200 : 15 + log(hertz / 1000) * 27 / log(6.4)
    case .htk: 2595 * log10(1 + hertz / 700)
    }
  }

  public func hertz(mel: Double) -> Double {
    switch self {
    case .slaney: mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * log(6.4) / 27)
    case .htk: 700 * (pow(10, mel / 2595) - 1)
    }
  }
}

/// Triangles over the bins of a spectrum, whose corners are equally far apart in mel: band b rises from point b to b + 1 and falls to b + 2.
public struct MelFilters: Sendable {
  public let count: Int
  public let binCount: Int
  /// The middle of each band, in hertz.
  public let centers: [Double]
  /// The first bin that each band sees, and its weights from there on: where there are as many bins, whole vectors of them, with zeros around.
  private let bands: [(first: Int, weights: [SIMD8<Float>], rest: [Float])]

  /// - Parameters:
  ///   - count: bands.
  ///   - range: hertz from the first band's beginning to the last one's end; nil: 0 to sampleRate / 2.
  ///   - isNormalized: whether each triangle's area is 1 (Slaney's way), or its height (HTK's).
  public init(
    _ count: Int, length: Int, sampleRate: Double, range: ClosedRange<Double>? = nil, scale: MelScale = .slaney, isNormalized: Bool = true
  ) {
    precondition(count >= 1 && length >= 1 && sampleRate > 0, "at least one band, one sample and some rate; found \(count), \(length), \(sampleRate)")
    let range = range ?? 0...sampleRate / 2, low = scale.mel(hertz: range.lowerBound), high = scale.mel(hertz: range.upperBound)
    let points = (0..<count + 2).map { scale.hertz(mel: low + (high - low) * Double($0) / Double(count + 1)) }
    self.count = count
    binCount = length / 2 + 1
    centers = Array(points[1...count])
    let bins = length / 2 + 1
    bands = (0..<count).map { band -> (Int, [SIMD8<Float>], [Float]) in
      let (start, middle, end) = (points[band], points[band + 1], points[band + 2])
      let height = isNormalized ? 2 / (end - start) : 1
      let weights = (0..<bins).map { bin in
        let hertz = Double(bin) * sampleRate / Double(length)
        return Float(height * max(0, min((hertz - start) / (middle - start), (end - hertz) / (end - middle))))
      }
      guard let first = weights.firstIndex(where: { $0 > 0 }), let last = weights.lastIndex(where: { $0 > 0 }) else { return (0, [], []) }
      let vectors = (last - first + 8) / 8, lowest = min(first, bins - 8 * vectors)
      guard lowest >= 0 else { return (first, [], Array(weights[first...last])) }
      return (lowest, (0..<vectors).map { vector in SIMD8((0..<8).map { weights[lowest + 8 * vector + $0] }) }, [])
    }
  }

  /// mel[t, b] = Σₖ weight[b, k] power[t, k]
  public func callAsFunction(_ power: Frames) -> Frames {
    precondition(power.width == binCount, "filters for \(binCount) bins, found \(power.width)")
    var result = Frames(width: count, values: [Float](repeating: 0, count: power.count * count))
    let frames = power.count
    unsafe power.values.withUnsafeBytes { values in
      for frame in 0..<frames {
        for band in 0..<count {
          let (first, weights, rest) = bands[band], start = frame * binCount + first
          var sums = SIMD8<Float>()
          for index in 0..<weights.count {
            let numbers = unsafe values.loadUnaligned(fromByteOffset: 4 * (start + 8 * index), as: SIMD8<Float>.self)
            sums += weights[index] * numbers
          }
          var sum = sums.sum()
          for index in 0..<rest.count { sum += rest[index] * power.values[start + index] }
          result.values[frame * count + band] = sum
        }
      }
    }
    return result
  }
}
