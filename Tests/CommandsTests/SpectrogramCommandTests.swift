import Foundation
import Media
import Testing

/// `percept spectrogram` as a user runs it.
@Suite struct SpectrogramCommandTests {
  private func tone(_ folder: URL, _ name: String, rate: Int = 8000, channels: Int = 1, count: Int = 8000, peak: Float = 1) throws -> String {
    let mono = (0..<count).map { peak * sinf(Float($0) * 2 * .pi * 1000 / Float(rate)) }
    let path = folder.appendingPathComponent(name).path
    let samples = mono.flatMap { [Float](repeating: $0, count: channels) }
    try saveAudio(Audio(sampleRate: rate, channels: channels, samples: samples), to: path, samples: .pcm24)
    return path
  }

  @Test func aPictureBesideTheFacts() throws {
    try withFolder { folder in
      let path = try tone(folder, "tone.flac", rate: 48_000, channels: 6, count: 48_000, peak: 0.5)
      let run = try Run("percept", ["spectrogram", path, "--json"], in: folder), facts = try run.json()
      #expect(run.status == 0 && run.errors == "" && facts["schema"] as? String == "percept.spectrogram/1")
      #expect(facts["sampleRate"] as? Int == 48_000 && facts["channels"] as? Int == 6)
      #expect(facts["samples"] as? Int == 48_000 && facts["seconds"] as? Double == 1)
      #expect(facts["window"] as? Int == 1024 && facts["hop"] as? Int == 256 && facts["frames"] as? Int == 188 && facts["bins"] as? Int == 513)
      #expect(facts["peak"] as? Double == -6.02 && facts["level"] as? Double == -9.03 && facts["picture"] as? String == "tone-spectrogram.png")
      let picture = try loadImage(folder.appendingPathComponent("tone-spectrogram.png").path).image
      #expect(picture.width == 1000 && picture.height == 600)
      // One line in the picture: 1,000 of 24,000 Hz, at the bottom.
      func brightness(_ y: Int) -> Int { (0..<3).reduce(0) { sum, channel in sum + Int(picture.pixels[(y * 1000 + 500) * 3 + channel]) } }
      let bright = (60..<530).filter { brightness($0) > 550 }
      #expect(!bright.isEmpty && bright.allSatisfy { $0 > 470 } && bright.count < 40, "\(bright)")
    }
  }

  @Test func optionsAndStandardInput() throws {
    try withFolder { folder in
      let path = try tone(folder, "tone.wav")
      let options = ["-o", "a.jpg", "--mel", "40", "--window", "512", "--hop", "100", "--range", "60"]
      let run = try Run("percept", ["spectrogram", path] + options, in: folder)
      #expect(run.status == 0 && run.output == "" && run.errors == "wrote a.jpg\n")
      let piped = try Run("percept", ["spectrogram", "-", "--quiet"], in: folder, input: Data(contentsOf: URL(fileURLWithPath: path)))
      #expect(piped.status == 0 && piped.errors == "" && piped.output == "")
      #expect(try contents(of: folder) == ["a.jpg", "standard-input-spectrogram.png", "tone.wav"])
    }
  }

  /// More columns than are kept; and the same picture from the same sound.
  @Test func longSoundsAndSilence() throws {
    try withFolder { folder in
      let long = try tone(folder, "long.wav", count: 80_000)
      for name in ["a.png", "b.png"] {
        let run = try Run("percept", ["spectrogram", long, "--hop", "8", "--window", "64", "--json", "-o", name], in: folder)
        #expect(try run.status == 0 && run.json()["frames"] as? Int == 10_001)
      }
      #expect(try Data(contentsOf: folder.appendingPathComponent("a.png")) == Data(contentsOf: folder.appendingPathComponent("b.png")))
      let silence = try tone(folder, "silence.wav", count: 3, peak: 0)
      let facts = try Run("percept", ["spectrogram", silence, "--json"], in: folder).json()
      #expect(facts["peak"] == nil && facts["level"] == nil && facts["frames"] as? Int == 1)
    }
  }

  @Test func badInput() throws {
    try withFolder { folder in
      let text = folder.appendingPathComponent("text.wav"), none = folder.appendingPathComponent("none.wav")
      try Data("no sound".utf8).write(to: text)
      try saveAudio(Audio(sampleRate: 8000, samples: []), to: none.path)
      for (path, words) in [(text.path, "found text where a sound was expected"), (none.path, "no samples"), ("missing.wav", "no such file")] {
        let run = try Run("percept", ["spectrogram", path], in: folder)
        #expect(run.status == 65 && run.errors.contains(words) && run.output == "", "\(run.errors)")
      }
      let good = try tone(folder, "good.wav")
      for options in [["--mel", "0"], ["--window", "8"], ["--hop", "0"], ["--range", "0"], ["-o", "x.gif"], ["-o", good]] {
        #expect(try Run("percept", ["spectrogram", good] + options, in: folder).status == 64, "\(options)")
      }
      #expect(try Run("percept", ["spectrogram", good, "-o", "no/such/folder/x.png"], in: folder).status == 70)
      #expect(try contents(of: folder) == ["good.wav", "none.wav", "text.wav"])
    }
  }
}
