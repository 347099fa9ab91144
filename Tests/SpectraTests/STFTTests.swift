import Foundation
import Spectra
import Testing

@Suite struct STFTTests {
  static let edges: [String: STFT.Edges] = ["none": .none, "zeros": .zeros, "mirrored": .mirrored]

  @Test(arguments: Fixture.shared.transforms.indices) func likeNumPy(index: Int) throws {
    let expected = Fixture.shared.transforms[index]
    let transform = STFT(
      length: expected.length, hop: expected.hop, window: .hann, windowLength: expected.windowLength, edges: Self.edges[expected.edges]!)
    let found = try transform.spectrum(of: signal(expected.samples), .complex)
    #expect(found.count == expected.frames && transform.frameCount(samples: expected.samples) == expected.frames)
    try #require(found.values.count == expected.values.count)
    let most = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
    #expect(most < 2e-5, "\(expected.edges) \(expected.length): \(most)")
  }

  @Test func likeMatplotlibsSpecgram() throws {
    let found = try STFT.triggerWord.spectrum(of: sweep, .density(sampleRate: 8000))
    try expectLike(found, Fixture.shared.summary("matplotlib"), bins: 101, frames: 549)
    #expect(STFT.triggerWord.frameCount(samples: 441_000) == 5511)
  }

  @Test func likeLibrosasMagnitudes() throws {
    let found = try STFT(length: 1024, hop: 256).spectrum(of: sweep, .magnitude)
    try expectLike(found, Fixture.shared.summary("stft magnitude"), bins: 513, frames: 173)
  }

  @Test func quantitiesAgree() throws {
    let transform = STFT(length: 60, hop: 25, window: .hamming), sound = signal(400)
    let complex = try transform.spectrum(of: sound, .complex), power = try transform.spectrum(of: sound, .power)
    let magnitude = try transform.spectrum(of: sound, .magnitude)
    for index in power.values.indices {
      let square = complex.values[2 * index] * complex.values[2 * index] + complex.values[2 * index + 1] * complex.values[2 * index + 1]
      #expect(abs(power.values[index] - square) <= 1e-6 * square && magnitude.values[index] == power.values[index].squareRoot())
    }
  }

  /// Parseval: the density, summed over all frequencies, is the power of the windowed frame.
  @Test(arguments: [64, 63]) func densityHoldsThePower(length: Int) throws {
    let transform = STFT(length: length, hop: length, window: .hann, edges: .none), sound = signal(length)
    let density = try transform.spectrum(of: sound, .density(sampleRate: 8000))
    let sum = density.values.reduce(0) { $0 + Double($1) } * 8000 / Double(length)
    let weights = transform.window.map(Double.init)
    let power = zip(sound, weights).reduce(0) { $0 + pow(Double($1.0) * $1.1, 2) } / weights.reduce(0) { $0 + $1 * $1 }
    #expect(abs(sum - power) < 1e-5 * power)
  }

  /// Whatever the blocks, the same frames bit for bit.
  @Test(arguments: [STFT.Edges.none, .zeros, .mirrored], [1, 7, 24, 100, 1000]) func blocksDoNotMatter(edges: STFT.Edges, block: Int) throws {
    for (length, hop, count) in [(64, 24, 700), (63, 100, 500), (16, 16, 16), (32, 8, 15), (32, 8, 0)] {
      let transform = STFT(length: length, hop: hop, edges: edges), sound = signal(count)
      let whole = try transform.spectrum(of: sound, .power)
      #expect(whole.count == transform.frameCount(samples: count), "\(length) \(hop) \(count)")
      let stream = try StreamingSTFT(transform, .power)
      for _ in 0..<2 {  // a stream may be used again
        var frames = Frames(width: stream.width)
        for start in stride(from: 0, to: count, by: block) { frames.append(stream.push(Array(sound[start..<min(start + block, count)]))) }
        frames.append(stream.finish())
        #expect(frames == whole, "\(length) \(hop) \(count)")
      }
    }
  }

  @Test(arguments: [(64, 16), (63, 20), (1024, 256), (200, 80)]) func thereAndBack(length: Int, hop: Int) throws {
    let sound = signal(3000), transform = STFT(length: length, hop: hop)
    let back = try transform.samples(from: transform.spectrum(of: sound, .complex), count: sound.count)
    #expect(back.count == sound.count)
    let covered = (transform.frameCount(samples: sound.count) - 1) * hop
    let most = zip(back, sound).prefix(covered).map { abs($0 - $1) }.max() ?? 1
    #expect(most < 1e-5, "\(most)")
  }

  /// Of so many frames several threads make their part.
  @Test(arguments: [Quantity.complex, .power]) func longSoundsLikeShortOnes(quantity: Quantity) throws {
    let transform = STFT(length: 64, hop: 16), sound = (0..<80_000).map { sinf(Float($0 * $0 % 9973)) }
    let whole = try transform.spectrum(of: sound, quantity), stream = try StreamingSTFT(transform, quantity)
    var joined = Frames(width: stream.width)
    for first in stride(from: 0, to: sound.count, by: 1000) { joined.append(stream.push(Array(sound[first..<first + 1000]))) }
    joined.append(stream.finish())
    #expect(whole.count == 5001 && joined == whole)
  }

  @Test func noFramesOfNothing() throws {
    #expect(try STFT(length: 8, hop: 2).spectrum(of: [], .power) == Frames(width: 5))
    #expect(try STFT(length: 8, hop: 2).samples(from: Frames(width: 10), count: 3) == [0, 0, 0])
  }

  /// Transforms are made and used by many threads at once.
  @Test func manyThreads() async throws {
    let sound = signal(2000), expected = try STFT(length: 128, hop: 32).spectrum(of: sound, .power)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<32 { group.addTask { try STFT(length: 128, hop: 32).spectrum(of: sound, .power) == expected } }
      for try await isSame in group { #expect(isSame) }
    }
  }
}

/// Compares elements to 1e-4 of themselves (and 1e-7 of the largest, which is what floats can tell), and means and deviations.
func expectLike(_ found: Frames, _ expected: Fixture.Summary, bins: Int, frames: Int, relative: Double = 1e-4) throws {
  try #require(found.width == bins && found.count == frames && expected.count == bins * frames)
  let values = found.values.map(Double.init), count = Double(values.count)
  let mean = values.reduce(0, +) / count, deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
  let scale = max(abs(expected.max), abs(expected.min))
  #expect(abs(mean - expected.mean) <= 1e-5 * abs(expected.mean) && abs(deviation - expected.std) <= 1e-5 * expected.std)
  #expect(abs(values.max()! - expected.max) <= 1e-5 * scale && abs(values.min()! - expected.min) <= relative * abs(expected.min) + 1e-7 * scale)
  for (place, value) in expected.at {
    let place = Int(place)!, found = Double(found[place % frames, place / frames])
    #expect(abs(found - value) <= relative * abs(value), "at \(place): \(found) for \(value)")
  }
}
