/// An ``STFT`` of a sound that comes block by block. The frames are the same, bit for bit, however the sound is cut, and memory holds a frame and a
/// block.
/// One thread at a time may use it.
public final class StreamingSTFT {
  public let transform: STFT
  public let quantity: Quantity
  /// Numbers a frame.
  public var width: Int { quantity == .complex ? 2 * transform.binCount : transform.binCount }
  private let fft: RealFFT
  /// Factors of a density, by bin.
  private let scale: [Float]
  /// What later frames need of the sound, its left edge included.
  private var buffer: [Float] = []
  /// Where in `buffer` the next frame begins; beyond its end when `hop` is larger than a frame.
  private var start = 0
  private var hasEdge = false

  /// - Throws: ``SpectraError`` when FFTW is not installed.
  public init(_ transform: STFT, _ quantity: Quantity) throws(SpectraError) {
    self.transform = transform
    self.quantity = quantity
    fft = try RealFFT(count: transform.length)
    guard case .density(let sampleRate) = quantity else {
      scale = []
      return
    }
    let energy = transform.window.reduce(0) { $0 + Double($1) * Double($1) }, inner = 2 / (sampleRate * energy)
    scale = (0..<transform.binCount).map { k in Float(k == 0 || 2 * k == transform.length ? inner / 2 : inner) }
  }

  /// The frames that are complete with these samples.
  public func push(_ samples: [Float]) -> Frames {
    take(samples, isEnd: false)
    return hasEdge ? completeFrames() : Frames(width: width)
  }

  /// The frames that reach over the end of the sound, whose last samples these are. The stream is then ready for another sound.
  public func finish(_ samples: [Float] = []) -> Frames {
    take(samples, isEnd: true)
    let pad = transform.pad
    switch transform.edges {
    case .none: break
    case .zeros: if hasEdge { buffer += [Float](repeating: 0, count: pad) }
    case .mirrored:
      if hasEdge, !buffer.isEmpty {
        let end = buffer.count - 1
        let edge = (0..<pad).map { tail(end, $0) }
        buffer += edge
      }
    }
    let frames = hasEdge ? completeFrames() : Frames(width: width)
    buffer = []
    start = 0
    hasEdge = false
    shortSound = nil
    return frames
  }

  /// A sound that is shorter than its edges, which are then mirrored more than once.
  private var shortSound: [Float]?

  /// The sample that lies `distance` + 1 behind the last, which is at `end`.
  private func tail(_ end: Int, _ distance: Int) -> Float {
    guard let sound = shortSound else { return buffer[end - 1 - distance] }
    return sound[mirrored(sound.count + distance, count: sound.count)]
  }

  /// Adds samples, and before the first the left edge, as soon as it is known. There are no frames of a sound without samples.
  private func take(_ samples: [Float], isEnd: Bool) {
    let pad = transform.pad
    if !hasEdge, transform.edges == .zeros, !samples.isEmpty {
      buffer.reserveCapacity(pad + samples.count + (isEnd ? pad : 0))
      buffer += repeatElement(0, count: pad)
      hasEdge = true
    }
    buffer += samples
    guard !hasEdge, !buffer.isEmpty else { return }
    if transform.edges == .mirrored {
      guard buffer.count > pad || isEnd else { return }
      if buffer.count <= pad { shortSound = buffer }
      buffer = (0..<pad).map { buffer[mirrored($0 - pad, count: buffer.count)] } + buffer
    }
    hasEdge = true
  }

  private func completeFrames() -> Frames {
    let length = transform.length, hop = transform.hop
    let count = buffer.count - start >= length ? (buffer.count - start - length) / hop + 1 : 0
    var frames = Frames(
      width: width, values: fft.frames(buffer, from: start, hop: hop, count: count, window: transform.window, isPower: quantity != .complex))
    finish(&frames)
    start += count * hop
    // A mirrored edge is made of the last samples.
    let unused = min(start, buffer.count - (transform.edges == .mirrored ? transform.pad + 1 : 0))
    if unused > 0 {
      buffer.removeFirst(unused)
      start -= unused
    }
    return frames
  }

  /// What becomes of powers.
  private func finish(_ frames: inout Frames) {
    switch quantity {
    case .complex, .power: break
    case .magnitude: for index in frames.values.indices { frames.values[index] = frames.values[index].squareRoot() }
    case .density: for frame in 0..<frames.count { for bin in 0..<width { frames.values[frame * width + bin] *= scale[bin] } }
    }
  }
}

/// The place from 0 to `count` − 1 that `index` falls on when the line is mirrored at its first and last place, again and again.
private func mirrored(_ index: Int, count: Int) -> Int {
  guard count > 1 else { return 0 }
  let period = 2 * (count - 1), place = ((index % period) + period) % period
  return place < count ? place : period - place
}
