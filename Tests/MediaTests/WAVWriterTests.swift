import Foundation
import Media
import Testing

@Suite struct WAVWriterTests {
  /// What is written in pieces reads as what `saveAudio` writes at once.
  @Test(arguments: [1, 2, 3, 6]) func piecesGiveTheWhole(channels: Int) throws {
    try withSoundFolder { folder in
      var sound = Audio(sampleRate: 22_050, channels: channels, samples: sine(440, rate: 22_050, count: 3000 * channels, peak: 0.9))
      sound.samples[5 * channels] = 3
      sound.samples[6 * channels] = -3
      let writer = try WAVWriter("\(folder)/pieces.wav", sampleRate: 22_050, channels: channels)
      for start in stride(from: 0, to: 3000, by: 700) {
        try writer.write(Array(sound.samples[start * channels..<min(start + 700, 3000) * channels]))
      }
      #expect(writer.frameCount == 3000 && !FileManager.default.fileExists(atPath: "\(folder)/pieces.wav"))
      try writer.finish()
      try saveAudio(sound, to: "\(folder)/whole.wav")
      let (pieces, whole) = (try loadAudio("\(folder)/pieces.wav"), try loadAudio("\(folder)/whole.wav"))
      #expect(pieces == whole)
      #expect(try AudioFile("\(folder)/pieces.wav").facts.frameCount == 3000)
    }
  }

  /// Without `finish` the old file stays, and nothing else.
  @Test func abandoned() throws {
    try withSoundFolder { folder in
      try Data("old".utf8).write(to: URL(filePath: "\(folder)/a.wav"))
      do {
        let writer = try WAVWriter("\(folder)/a.wav", sampleRate: 8000, channels: 1)
        try writer.write([0.5, 0.25])
        #expect(throws: AudioError(path: "\(folder)/a.wav", kind: .notFinite(frame: 3, channel: 0))) { try writer.write([0, .nan]) }
      }
      #expect(try String(contentsOfFile: "\(folder)/a.wav", encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.wav"])
      #expect(throws: AudioError.self) { try WAVWriter("\(folder)/no/a.wav", sampleRate: 8000, channels: 1) }
      #expect(throws: AudioError.self) { try WAVWriter(folder, sampleRate: 8000, channels: 1) }
    }
  }
}
