import Foundation
import Spectra
import Testing

@Suite struct MelTests {
  @Test func likeLibrosasBandsAndCoefficients() throws {
    let power = try STFT(length: 1024, hop: 256).spectrum(of: sweep, .power)
    let mel = MelFilters(64, length: 1024, sampleRate: 44_100)(power)
    try expectLike(mel, Fixture.shared.summary("librosa melspectrogram"), bins: 64, frames: 173)
    try expectLike(CepstralTransform(20, bands: 64)(decibels(mel)), Fixture.shared.summary("librosa mfcc"), bins: 20, frames: 173)
  }

  @Test(arguments: Fixture.shared.mels.indices) func likeNumPy(index: Int) throws {
    let expected = Fixture.shared.mels[index], power = try STFT(length: 128, hop: 64).spectrum(of: signal(400), .power)
    let filters = MelFilters(
      12, length: 128, sampleRate: 16_000, range: expected.low...expected.high, scale: MelScale(rawValue: expected.scale)!,
      isNormalized: expected.isNormalized)
    let found = filters(power), scale = expected.values.max()!
    try #require(found.values.count == expected.values.count)
    for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) <= 1e-4 * abs(b) + 1e-6 * scale) }
    guard index == Fixture.shared.mels.count - 1 else { return }
    let loudness = decibels(found)
    for (a, b) in zip(loudness.values, Fixture.shared.decibels) { #expect(abs(a - b) < 2e-3) }
    for (a, b) in zip(CepstralTransform(7, bands: 12)(loudness).values, Fixture.shared.cepstrum) { #expect(abs(a - b) < 5e-3) }
  }

  @Test(arguments: MelScale.allCases) func scalesAndBack(scale: MelScale) {
    for hertz in stride(from: 0.0, through: 22_050, by: 450) { #expect(abs(scale.hertz(mel: scale.mel(hertz: hertz)) - hertz) < 1e-6) }
    #expect(abs(MelScale.slaney.mel(hertz: 1000) - 15) < 1e-12 && abs(MelScale.htk.mel(hertz: 1000) - 999.9855) < 1e-3)
  }

  @Test func bandsWithoutBins() throws {
    let filters = MelFilters(40, length: 16, sampleRate: 8000)
    let found = filters(Frames(width: 9, values: [Float](repeating: 1, count: 18)))
    #expect(found.count == 2 && found.width == 40 && found.values.contains(0) && found.values.allSatisfy { $0 >= 0 && $0.isFinite })
    #expect(filters.centers == filters.centers.sorted() && filters.centers.count == 40)
  }

  @Test func windowsLikeNumPy() {
    for (name, expected) in Fixture.shared.windows {
      let found = WindowFunction(rawValue: name)!.weights(9, isPeriodic: false)
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-6, "\(name)") }
      // A periodic window is the beginning of a symmetric one that is one longer.
      #expect(zip(WindowFunction(rawValue: name)!.weights(8), found).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    for window in WindowFunction.allCases { #expect(window.weights(1) == [1]) }
  }

  @Test func decibelsHaveAFloorAndARange() {
    let power = Frames(width: 4, values: [100, 1, 1e-12, 0])
    #expect(decibels(power, range: nil).values.map { $0.rounded() } == [20, 0, -100, -100])
    #expect(decibels(power, reference: 100, range: 30).values.map { $0.rounded() } == [0, -20, -30, -30])
    #expect(decibels(Frames(width: 4)).values == [])
  }
}
