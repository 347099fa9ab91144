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

  @Test func anotherVocalTractMovesWhatIsHeard() {
    var random = RandomNumbers(seed: 1), x = Tensor([2, 40, 3])
    x.withMutableSpan { values in for frame in 0..<3 { for item in 0..<2 { values[(item * 40 + 20) * 3 + frame] = 1 } } }
    var same = x
    otherVoices(in: &same, using: &random, factors: 1..<1.000001)
    #expect(zip(same.elements, x.elements).allSatisfy { abs($0 - $1) < 1e-3 })
    let scale = MelScale.htk, centers = MelFilters(40, length: 512, sampleRate: 16_000, range: 60...7600, scale: .htk).centers
    for factor in [0.85, 1.15] as [Float] {
      var moved = x
      otherVoices(in: &moved, using: &random, factors: factor..<factor.nextUp)
      // The band's middle, by weight, is where the factor puts it.
      let column = (0..<40).map { Double(moved[1, $0, 2]) }, whole = column.reduce(0, +)
      let place = column.indices.reduce(0) { $0 + Double($1) * column[$1] } / whole
      let step = scale.mel(hertz: centers[1]) - scale.mel(hertz: centers[0])
      let expected = (scale.mel(hertz: centers[20] * Double(factor)) - scale.mel(hertz: centers[0])) / step
      #expect(abs(place - expected) < 0.7 && abs(place - 20) > 1.5)
    }
  }

  @Test func hiddenPartsAreWholeBandsAndMoments() {
    var random = RandomNumbers(seed: 2), x = Tensor([4, 40, 200], repeating: 1)
    hideParts(of: &x, using: &random)
    for item in 0..<4 {
      let bands = (0..<40).filter { band in (0..<200).allSatisfy { x[item, band, $0] == 0 } }
      let frames = (0..<200).filter { frame in (0..<40).allSatisfy { x[item, $0, frame] == 0 } }
      #expect(bands.count <= 10 && frames.count <= 16)
      for band in 0..<40 where !bands.contains(band) { for frame in 0..<200 where !frames.contains(frame) { #expect(x[item, band, frame] == 1) } }
    }
    #expect(x.elements.contains(0))
  }

  @Test func quietSpeechLooksLikeLoudSpeech() throws {
    let loud = try FeatureStream(.mel).push(sweep(16_000, gain: 0.5)), quiet = try FeatureStream(.mel).push(sweep(16_000, gain: 0.005))
    let differences = zip(loud.values, quiet.values).map { abs($0 - $1) }
    #expect(differences.max()! < 0.15 * loud.values.max()!)
  }
}
