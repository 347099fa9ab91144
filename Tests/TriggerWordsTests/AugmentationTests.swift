import Foundation
import Spectra
import Tensors
import Testing
import TriggerWords

private func sine(_ hertz: Float, rate: Int = 16_000, count: Int = 16_000) -> [Float] {
  (0..<count).map { sinf(2 * .pi * hertz * Float($0) / Float(rate)) }
}

/// The frequency of most power, in hertz.
private func loudestFrequency(_ samples: [Float], rate: Int = 16_000) throws -> Float {
  let transform = try RealFFT(count: samples.count)
  let window = (0..<samples.count).map { 0.5 - 0.5 * cosf(2 * .pi * Float($0) / Float(samples.count)) }
  let power = transform.frames(samples, window: window, isPower: true)
  let bin = try #require(power.indices.max { power[$0] < power[$1] })
  return Float(bin * rate) / Float(samples.count)
}

@Suite struct AugmentationTests {
  @Test(arguments: [0.85, 1.18, 0.5, 2] as [Float]) func speedChangesLengthAndPitch(factor: Float) throws {
    let changed = changedSpeed(sine(440), by: factor)
    #expect(abs(Float(changed.count) - 16_000 / factor) <= 1)
    #expect(abs(try loudestFrequency(changed) - 440 * factor) < 3)
    // The cubic is near the sine itself.
    let error = changed.indices.dropFirst(2).dropLast(4).map { abs(changed[$0] - sinf(2 * .pi * 440 * factor * Float($0) / 16_000)) }.max() ?? 1
    #expect(error < 0.01, "\(error)")
    #expect(changedSpeed([], by: factor).isEmpty && changedSpeed(sine(440), by: 1) == sine(440))
  }

  @Test func madeUpMusicHasSteadyPitchesAndNoGap() throws {
    var random = RandomNumbers(seed: 4), again = random, other = RandomNumbers(seed: 5)
    let rate = 16_000, music = madeUpMusic(count: 4 * rate, sampleRate: rate, using: &random)
    #expect(abs(meanSquare(music) - 1) < 1e-3 && music.count == 4 * rate && music.allSatisfy { $0.isFinite })
    #expect(madeUpMusic(count: 4 * rate, sampleRate: rate, using: &again) == music)
    #expect(madeUpMusic(count: 4 * rate, sampleRate: rate, using: &other) != music)
    // Half of the power lies in a few of the bins: of noise it would be half of the bins.
    let spectrum = try STFT(length: 2048, hop: 1024).spectrum(of: music, .power)
    var shares: [Double] = []
    for frame in 0..<spectrum.count {
      let power = (0..<spectrum.width).map { Double(spectrum[frame, $0]) }.sorted(by: >), whole = power.reduce(0, +)
      var sum = 0.0, bins = 0
      while sum < whole / 2 {
        sum += power[bins]
        bins += 1
      }
      shares.append(Double(bins) / Double(spectrum.width))
    }
    #expect(shares.sorted()[shares.count / 2] < 0.02)
    // Nothing is silent for half a second.
    for first in stride(from: 0, to: music.count - rate / 2, by: rate / 2) { #expect(meanSquare(Array(music[first..<first + rate / 2])) > 1e-4) }
  }

  @Test(arguments: [0.8, 1.25] as [Float]) func tempoChangesLengthAlone(factor: Float) throws {
    let source = sine(440, count: 32_000), changed = changedTempo(source, by: factor, sampleRate: 16_000)
    #expect(abs(Float(changed.count) - 32_000 / factor) <= 1)
    #expect(abs(try loudestFrequency(changed) - 440) < 3)
    let level = meanSquare(Array(changed[1000..<20_000]))
    #expect(abs(level - 0.5) < 0.03, "\(level)")
    // What happens in the middle still happens in the middle.
    var click = [Float](repeating: 0, count: 16_000)
    for n in 0..<80 { click[8000 + n] = sinf(Float(n)) }
    let moved = changedTempo(click, by: factor, sampleRate: 16_000), place = try #require(moved.indices.max { abs(moved[$0]) < abs(moved[$1]) })
    #expect(abs(Float(place) * factor - 8040) < 500, "\(place)")
    let isShort = changedTempo([1, 2, 3], by: factor, sampleRate: 16_000) == [1, 2, 3]
    #expect(isShort)
  }

  @Test func telephonesPassAVoiceBand() {
    func decibels(_ hertz: Float) -> Float {
      10 * log10f(meanSquare(Array(telephoned(sine(hertz), sampleRate: 16_000)[4000...])) / meanSquare(Array(sine(hertz)[4000...])))
    }
    #expect(abs(decibels(1000)) < 0.5 && abs(decibels(2500)) < 1)
    #expect(decibels(6000) < -40 && decibels(4800) < -20 && decibels(60) < -40)
    // Eight bits by the µ-law: some 38 dB of signal to noise.
    let line = telephoned(sine(1000), sampleRate: 16_000), filtered = Array(line[8000..<8016])
    #expect(Set(filtered).count > 8 && line.allSatisfy { abs($0) < 1.1 })
  }

  @Test func microphonesAndAmplifiers() {
    let high = lowPassed(sine(6000), hertz: 3000, sampleRate: 16_000), low = lowPassed(sine(300), hertz: 3000, sampleRate: 16_000)
    #expect(meanSquare(high) < 0.005 && abs(meanSquare(low) - 0.5) < 0.01)
    let edge = lowPassed(sine(3000), hertz: 3000, sampleRate: 16_000)
    #expect(abs(meanSquare(Array(edge[4000...])) - 0.25) < 0.01, "half of the power")
    let clipped = softlyClipped(sine(500), drive: 5)
    #expect(clipped.allSatisfy { abs($0) <= 1.0001 } && meanSquare(clipped) > 0.7)
    #expect(abs(softlyClipped([0.01], drive: 1)[0] - 0.01) < 1e-4)
  }

  @Test(arguments: NoiseColor.allCases) func noiseFallsByItsColor(color: NoiseColor) throws {
    var random = RandomNumbers(seed: 3)
    let count = 1 << 17, noise = try coloredNoise(color, count: count, sampleRate: 16_000, using: &random)
    #expect(abs(meanSquare(noise) - 1) < 1e-3)
    let power = try RealFFT(count: count).frames(noise, isPower: true)
    func mean(around hertz: Int) -> Float {
      let bins = (hertz * 9 / 10 * count / 16_000)..<(hertz * 11 / 10 * count / 16_000)
      return bins.reduce(Float(0)) { $0 + power[$1] } / Float(bins.count)
    }
    // Three octaves: 0, 9 and 18 dB.
    let fall = 10 * log10f(mean(around: 500) / mean(around: 4000))
    #expect(abs(fall - [0, 9.03, 18.06][color.rawValue]) < 0.8, "\(fall)")
    #expect(mean(around: 10) < 1e-6 * mean(around: 500))
  }

  @Test func housesSwellHumAndKnock() throws {
    var random = RandomNumbers(seed: 4)
    let steady = try coloredNoise(.white, count: 1 << 17, sampleRate: 16_000, using: &random)
    func crest(_ samples: [Float]) -> Float { (samples.map(abs).max() ?? 0) / meanSquare(samples).squareRoot() }
    var humming = 0, knocking = 0
    for seed in 1...20 as ClosedRange<UInt64> {
      var random = RandomNumbers(seed: seed), again = RandomNumbers(seed: seed)
      let noise = householdNoise(over: steady, sampleRate: 16_000, using: &random)
      #expect(noise.count == steady.count && noise == householdNoise(over: steady, sampleRate: 16_000, using: &again))
      let power = try RealFFT(count: noise.count).frames(noise, isPower: true), total = power.reduce(0, +)
      humming += power.max()! > 0.02 * total ? 1 : 0
      knocking += crest(noise) > 2 * crest(steady) ? 1 : 0
    }
    #expect((3...14).contains(humming) && knocking >= 10, "\(humming) and \(knocking)")
    #expect(householdNoise(over: [], sampleRate: 16_000, using: &random).isEmpty)
  }

  @Test(arguments: [
    Room(size: [5, 4, 3], speaker: [1, 1, 1.5], microphone: [3, 2.5, 1.2], reverberation: 0.4),
    Room(size: [9, 7, 3.5], speaker: [2, 3, 1.6], microphone: [4, 6, 1], reverberation: 0.7),
    Room(size: [2.5, 2.2, 2.4], speaker: [0.5, 0.6, 1.5], microphone: [2, 1.5, 1], reverberation: 0.15),
  ]) func roomsDecayInTheirTime(room: Room) {
    let response = room.response(sampleRate: 16_000)
    #expect(response.count == Int(room.reverberation * 16_000))
    let energies = response.map { Double($0 * $0) }
    #expect(abs(energies.reduce(0, +) - 1) < 1e-3 && abs(response[0]) > 0.1, "the direct sound comes first")
    let time = decayTimeOfEnergies(energies, perSecond: 16_000)
    #expect(abs(time / room.reverberation - 1) < 0.2, "\(time) for \(room.reverberation)")
  }

  /// The energy that is still to come of an ideal decay by 60 dB in 0.5 s.
  @Test func decayOfAnExponential() {
    let energies = (0..<2000).map { pow(10, -6 * Double($0) / 500) }
    #expect(abs(decayTimeOfEnergies(energies, perSecond: 1000) - 0.5) < 0.005)
    #expect(decayTimeOfEnergies([1, 1], perSecond: 1000) == 0 && decayTimeOfEnergies([], perSecond: 1000) == 0)
  }

  @Test func randomRoomsAreRooms() {
    var random = RandomNumbers(seed: 1)
    for _ in 0..<50 {
      let room = Room.random(using: &random)
      #expect((0.1...0.8).contains(room.reverberation) && (2...10).contains(room.size[0]) && (2...10).contains(room.size[1]))
    }
  }

  @Test func silenceIsTrimmed() {
    let silence = [Float](repeating: 0, count: 4000), word = silence + sine(300, count: 8000) + silence
    let trimmed = trimmedOfSilence(word, sampleRate: 16_000)
    #expect(abs(trimmed.count - 8000) <= 320 && trimmed.count >= 8000)
    #expect(trimmedOfSilence(silence, sampleRate: 16_000).isEmpty && trimmedOfSilence([], sampleRate: 16_000).isEmpty)
    let quiet = word.map { $0 * 0.001 }
    #expect(trimmedOfSilence(quiet, sampleRate: 16_000).count == trimmed.count)
  }

  @Test func aFinalReleaseIsLeftOut() throws {
    let rate = 16_000, vowel = sine(150, count: 4800), closure = [Float](repeating: 0.001, count: 960), burst = sine(3000, count: 640).map { 0.3 * $0 }
    let held = try #require(withoutFinalRelease(vowel + closure + burst, sampleRate: rate))
    #expect(held == vowel + closure[..<160])
    // A vowel after the closure is no release, nor is a short dip a closure, nor silence at the end.
    #expect(withoutFinalRelease(vowel + closure + sine(150, count: 4000), sampleRate: rate) == nil)
    #expect(withoutFinalRelease(vowel + closure[..<240] + burst, sampleRate: rate) == nil)
    #expect(withoutFinalRelease(vowel + closure, sampleRate: rate) == nil)
    for samples in [[], [Float](repeating: 0, count: 8000), closure + burst] { #expect(withoutFinalRelease(samples, sampleRate: rate) == nil) }
  }

  @Test func noiseIsAsFarBelowAsAsked() {
    #expect(abs(noiseGain(speech: 0.01, noise: 1, decibels: 20) - 0.01) < 1e-6 && noiseGain(speech: 0, noise: 1, decibels: 3) == 0)
  }
}
