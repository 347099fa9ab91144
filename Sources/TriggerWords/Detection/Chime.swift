import Glibc

/// A bell of two notes, the second lower: Σ over notes and partials a · exp(−t / τ) · sin(2π f t), 0.7 seconds.
public enum Chime {
  public static let seconds = 0.7
  /// Hertz, and seconds after the start.
  private static let notes = [(hertz: 1318.51, start: 0.0), (hertz: 1046.5, start: 0.16)]
  /// Of a small bell: the multiple of the note, how loud, and seconds to 1/e.
  private static let partials = [(ratio: 1.0, gain: 0.16, decay: 0.18), (ratio: 2.0, gain: 0.05, decay: 0.11), (ratio: 2.76, gain: 0.03, decay: 0.06)]

  /// One channel at `sampleRate`, at most ½ of full scale. Partials above half the rate are left out.
  public static func samples(sampleRate: Int) -> [Float] {
    let rate = Double(sampleRate), count = Int(seconds * rate)
    return (0..<count).map { index in
      let time = Double(index) / rate
      var sum = 0.0
      for note in notes where time >= note.start {
        let age = time - note.start
        for partial in partials where note.hertz * partial.ratio < rate / 2 {
          sum += partial.gain * exp(-age / partial.decay) * min(1, age / 0.002) * sin(2 * Double.pi * note.hertz * partial.ratio * age)
        }
      }
      return Float(sum * min(1, (seconds - time) / 0.02))
    }
  }
}

/// A sound with a chime laid over it at each event, block by block. What has come is held back until no event in it can be found any more.
public struct ChimeMixer: Sendable {
  public let sampleRate, channels: Int
  private let chime: [Float]
  private let heldFrames: Int
  /// The frames that are held back, interleaved, and which frame of the sound is the first of them.
  private var held: [Float] = []
  private var first = 0
  /// The frames at which chimes begin that still sound.
  private var starts: [Int] = []

  /// - Parameter latency: seconds until an event is known, at most. One that comes later chimes as early as is possible.
  public init(sampleRate: Int, channels: Int, latency: Double) {
    self.sampleRate = sampleRate
    self.channels = channels
    chime = Chime.samples(sampleRate: sampleRate)
    heldFrames = Int((latency * Double(sampleRate)).rounded(.up))
  }

  /// Takes interleaved samples of whole frames, then the times in seconds at which chimes begin; returns what is complete.
  public mutating func push(_ samples: [Float], chimesAt times: [Double]) -> [Float] {
    held += samples
    starts += times.map { max(first, Int(($0 * Double(sampleRate)).rounded())) }
    return release(held.count / channels - heldFrames)
  }

  /// The rest of the sound; what would sound after its end is cut off.
  public mutating func finish(chimesAt times: [Double]) -> [Float] {
    starts += times.map { max(first, Int(($0 * Double(sampleRate)).rounded())) }
    return release(held.count / channels)
  }

  private mutating func release(_ count: Int) -> [Float] {
    guard count > 0 else { return [] }
    var mixed = Array(held.prefix(count * channels))
    held.removeFirst(count * channels)
    for start in starts {
      let range = max(start, first)..<max(max(start, first), min(start + chime.count, first + count))
      for frame in range {
        for channel in 0..<channels { mixed[(frame - first) * channels + channel] += chime[frame - start] }
      }
    }
    first += count
    starts.removeAll { $0 + chime.count <= first }
    return mixed
  }
}
