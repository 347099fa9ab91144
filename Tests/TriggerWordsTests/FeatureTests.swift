import Foundation
import Spectra
import Tensors
import Testing
import TriggerWords

/// A sound with something to hear everywhere.
func sweep(_ count: Int, rate: Int = 16_000, gain: Float = 0.3) -> [Float] {
  var random = RandomNumbers(seed: 7)
  return (0..<count).map { sample in
    let time = Double(sample) / Double(rate)
    return gain * Float(sin(2 * .pi * (200 * time + 400 * time * time))) + 0.05 * gain * random.normal()
  }
}

/// The parts of `all` between random places.
func cut<Element>(_ all: [Element], seed: UInt64, longest: Int) -> [[Element]] {
  var random = RandomNumbers(seed: seed), parts: [[Element]] = [], first = 0
  while first < all.count {
    let end = min(all.count, first + Int.random(in: 0...longest, using: &random))
    parts.append(Array(all[first..<end]))
    first = end
  }
  return parts
}

@Suite struct FeatureTests {
  @Test(arguments: FrontEnd.allCases) func blocksGiveTheSameBits(frontEnd: FrontEnd) throws {
    let sound = sweep(3 * frontEnd.sampleRate / 2, rate: frontEnd.sampleRate), whole = try FeatureStream(frontEnd).push(sound)
    #expect(whole.count == sound.count / frontEnd.hop && whole.width == frontEnd.width)
    for seed in 1...3 as ClosedRange<UInt64> {
      let stream = try FeatureStream(frontEnd)
      var joined = Frames(width: frontEnd.width)
      for part in cut(sound, seed: seed, longest: seed == 1 ? 40 : 4000) { joined.append(stream.push(part)) }
      #expect(joined == whole)
    }
  }

  @Test(arguments: FrontEnd.allCases) func aFrameKnowsNothingOfWhatFollows(frontEnd: FrontEnd) throws {
    let sound = sweep(frontEnd.sampleRate / 2, rate: frontEnd.sampleRate), frame = 20, end = (frame + 1) * frontEnd.hop
    var other = sound
    for index in end..<other.count { other[index] = 0.9 }
    let a = try FeatureStream(frontEnd).push(sound), b = try FeatureStream(frontEnd).push(other), part = (frame + 1) * frontEnd.width
    #expect(a.values.prefix(part) == b.values.prefix(part))
    #expect(a.values[part..<part + frontEnd.width] != b.values[part..<part + frontEnd.width])
  }

  @Test func theCoursesFramesAreThoseOfSpecgram() throws {
    let sound = sweep(44_100, rate: 44_100), found = try FeatureStream(.course).push(sound)
    // 120 samples of silence come first, so that the frame after the second begins 40 samples into the sound.
    let expected = try STFT.triggerWord.spectrum(of: Array(sound.dropFirst(40)), .density(sampleRate: 8000))
    for bin in 0..<101 { #expect(abs(found[10, bin] - expected[8, bin] * 0x1p30) <= 1e-4 * found.values.max()!) }
  }

  @Test func energiesAreDividedByTheirRecentMean() {
    var random = RandomNumbers(seed: 3)
    let energies = Frames(width: 4, values: (0..<400).map { index in index < 40 ? 0 : expf(3 * random.normal()) })
    var normalization = EnergyNormalization(bands: 4)
    let found = normalization(energies)
    for band in 0..<4 {
      var mean = 0.0
      for frame in 0..<100 {
        let energy = Double(energies[frame, band])
        if frame == 10 { mean = energy }
        mean = (1 - 0.025) * mean + 0.025 * energy
        let expected = sqrt(energy / pow(1e-9 + mean, 0.98) + 2) - sqrt(2)
        #expect(abs(Double(found[frame, band]) - expected) < 1e-4 * max(1, expected))
      }
    }
    #expect(found.values.prefix(40).allSatisfy { $0 == 0 })
  }

  @Test func quietSpeechLooksLikeLoudSpeech() throws {
    let loud = try FeatureStream(.mel).push(sweep(16_000, gain: 0.5)), quiet = try FeatureStream(.mel).push(sweep(16_000, gain: 0.005))
    let differences = zip(loud.values, quiet.values).map { abs($0 - $1) }
    #expect(differences.max()! < 0.15 * loud.values.max()!)
  }
}
