import Foundation
import Media
import Testing
import TriggerWords

@Suite struct SoundFolderTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "percept-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: "\(folder)/anna", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func noise(_ seconds: Double, rate: Int) -> [Float] { (0..<Int(seconds * Double(rate))).map { 0.2 * sinf(Float($0) * 0.3) } }

  @Test func soundsOfAnyKindBecomeClips() throws {
    try withFolder { folder in
      let quiet = [Float](repeating: 0, count: 4000)
      try saveAudio(Audio(sampleRate: 8000, samples: quiet + noise(1, rate: 8000) + quiet), to: "\(folder)/anna/word.wav")
      try saveAudio(Audio(sampleRate: 48_000, channels: 2, samples: noise(2, rate: 48_000)), to: "\(folder)/stereo.flac")
      try saveAudio(Audio(sampleRate: 8000, samples: quiet), to: "\(folder)/silence.wav")
      try Data("no sound".utf8).write(to: URL(filePath: "\(folder)/text.wav"))
      try FileManager.default.createDirectory(atPath: "\(folder)/anna/deep", withIntermediateDirectories: true)
      try saveAudio(Audio(sampleRate: 16_000, samples: noise(0.5, rate: 16_000)), to: "\(folder)/anna/deep/x.wav")
      try Data("notes".utf8).write(to: URL(filePath: "\(folder)/notes.txt"))
      let sounds = try SoundFolder(folder, sampleRate: 16_000)
      #expect(sounds.clips.map(\.name) == ["x.wav", "word.wav", "stereo.flac"] && sounds.clips.prefix(2).allSatisfy { $0.speaker == "anna" })
      #expect(abs(sounds.clips[1].samples.count - 16_000) < 500 && abs(sounds.clips[2].samples.count - 16_000) < 500)
      #expect(try SoundFolder(folder, sampleRate: 16_000, most: 2, atOnce: 1).clips.map(\.name) == ["x.wav"], "and silence")
      #expect(sounds.problems.count == 2)
      for words in ["found text", "is silence"] { #expect(sounds.problems.contains { $0.contains(words) }) }
      #expect(try SoundFolder(folder, sampleRate: 16_000, isWanted: { $0 == "word.wav" }).clips.count == 1)
    }
  }

  @Test func longSoundsAreCutWhereTheyAreQuiet() throws {
    try withFolder { folder in
      let rate = 16_000, pause = [Float](repeating: 0, count: rate / 5)
      let samples = noise(2.5, rate: rate) + pause + noise(2.5, rate: rate) + pause + noise(1, rate: rate)
      try saveAudio(Audio(sampleRate: rate, samples: samples), to: "\(folder)/talk.wav")
      let clips = try SoundFolder(folder, sampleRate: rate, longest: 4).clips
      #expect(clips.count == 2 && clips.allSatisfy { $0.samples.count <= 4 * rate })
      #expect(clips.map(\.samples.count).reduce(0, +) == samples.count)
      #expect((2.5...2.7).contains(Double(clips[0].samples.count) / Double(rate)))
    }
  }

  @Test func foldersWithoutSounds() throws {
    try withFolder { folder in
      let error = #expect(throws: SpeechError.self) { _ = try SoundFolder(folder, sampleRate: 16_000) }
      #expect(error?.description.contains("found no sound") == true && error?.description.contains(folder) == true)
    }
    let missing = #expect(throws: SpeechError.self) { _ = try SoundFolder("/no/such/folder", sampleRate: 16_000) }
    #expect(missing?.description.contains("/no/such/folder") == true)
  }

  @Test func promptsThatMaySayThePhraseAreKnownByTheirName() {
    #expect(!isFree(ofPhrase: "activate", fileName: "de-activated.wav") && isFree(ofPhrase: "activate", fileName: "hello.wav"))
    #expect(!isFree(ofPhrase: "hey computer", fileName: "computer-friend1.wav") && isFree(ofPhrase: "hey computer", fileName: "hey.wav"))
  }
}
