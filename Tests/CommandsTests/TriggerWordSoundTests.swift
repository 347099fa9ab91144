import Foundation
import Media
import Testing
import TriggerWords
import TriggerWordsTestSupport

/// Sounds of every kind, and such as are none, through `triggerword`.
@Suite struct TriggerWordSoundTests {
  private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }

  /// RIFF, `fmt ` of 16 bytes, `data`.
  private func wav(format: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 16_000, bits: UInt16 = 16, data: [UInt8], claimed: UInt32? = nil) -> Data {
    let frame = channels * (bits / 8), length = claimed ?? UInt32(data.count)
    var bytes: [UInt8] = Array("RIFF".utf8) + little(36 + length) + Array("WAVEfmt ".utf8) + little(UInt32(16)) + little(format)
    bytes += little(channels) + little(rate) + little(rate * UInt32(frame)) + little(frame) + little(bits)
    return Data(bytes + Array("data".utf8) + little(length) + data)
  }

  private func run(_ files: [(name: String, data: Data)], _ body: (Run, URL) throws -> Void) throws {
    try withFolder { folder in
      try suddenSoundModel().save(to: folder.appendingPathComponent("sudden.safetensors").path)
      for file in files { try file.data.write(to: folder.appendingPathComponent(file.name)) }
      try body(Run("triggerword", files.map(\.name) + ["--model", "sudden.safetensors", "--json"], in: folder), folder)
    }
  }

  private func ends(_ run: Run) throws -> [String: [Double]] {
    let results = try #require(try run.json()["results"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: results.map { record in
      (record["file"] as! String, (record["events"] as! [[String: Double]]).map { $0["end"]! })
    })
  }

  private func burst(_ rate: Int, level: Float = 0.5) -> [Float] { burstySound(sampleRate: rate, seconds: 3, bursts: [1.5], level: level) }

  /// The burst is heard in each, at its time.
  @Test func everyKindOfSound() throws {
    var files: [(name: String, data: Data)] = []
    for rate in [8000, 11_025, 16_000, 44_100, 48_000, 96_000] {
      let sound = Audio(sampleRate: rate, samples: burst(rate))
      files.append(("rate\(rate).wav", Data(try encode(sound, as: .wav))))
    }
    for (name, format) in [("8.wav", SampleFormat.pcm8), ("24.wav", .pcm24), ("float.wav", .float32)] {
      files.append((name, Data(try encode(Audio(sampleRate: 16_000, samples: burst(16_000)), as: .wav, samples: format))))
    }
    files.append(("24.flac", Data(try encode(Audio(sampleRate: 48_000, samples: burst(48_000)), as: .flac, samples: .pcm24))))
    let surround = burst(48_000).flatMap { [Float](repeating: $0, count: 6) }
    files.append(("surround.flac", Data(try encode(Audio(sampleRate: 48_000, channels: 6, samples: surround), as: .flac))))
    files.append(("clipped.wav", Data(try encode(Audio(sampleRate: 16_000, samples: burst(16_000, level: 1.5)), as: .wav))))
    files.append(("offset.wav", Data(try encode(Audio(sampleRate: 16_000, samples: burst(16_000, level: 0.3).map { $0 + 0.4 }), as: .wav))))
    try run(files) { run, _ in
      #expect(run.status == 0 && run.errors == "", "\(run.errors)")
      let found = try ends(run)
      for file in files {
        let times = try #require(found[file.name])
        #expect(times.count == 1 && abs(times[0] - 1.55) < 0.1, "\(file.name): \(times)")
      }
    }
  }

  @Test func silenceIsNotTheWord() throws {
    let silence = Audio(sampleRate: 16_000, samples: [Float](repeating: 0, count: 48_000)), constant = Audio(sampleRate: 16_000, samples: [Float](repeating: 0.7, count: 48_000))
    let short = Audio(sampleRate: 16_000, samples: [0.5])
    try run([
      ("silence.wav", Data(try encode(silence, as: .wav))), ("constant.wav", Data(try encode(constant, as: .wav))), ("short.wav", Data(try encode(short, as: .wav))),
    ]) { run, _ in
      let found = try ends(run)
      #expect(run.status == 0 && found == ["silence.wav": [], "constant.wav": [], "short.wav": []], "\(run)")
    }
  }

  /// A recorder that is stopped leaves such a file.
  @Test func waveThatEndsEarlyIsHeardUpToThere() throws {
    let whole = wav(data: burst(16_000).flatMap { little(Int16($0 * 32_767)) })
    try run([("cut.wav", whole.prefix(60_001))]) { run, _ in
      let record = try #require(try (run.json()["results"] as? [[String: Any]])?.first), found = try ends(run)
      #expect(run.status == 0 && record["seconds"] as? Double == Double((60_001 - 44) / 2) / 16_000 && found["cut.wav"]?.count == 1, "\(record)")
    }
  }

  @Test func whatIsNoSoundIsSaid() throws {
    let samples = burst(16_000).flatMap { little(Int16($0 * 32_767)) }, whole = wav(data: samples)
    let notFinite = burst(16_000).enumerated().flatMap { little(($0 == 20_000 ? Float.nan : $1).bitPattern) }
    let bad: [(name: String, data: Data, words: String)] = [
      ("empty.wav", Data(), "expected"), ("header.wav", whole.prefix(30), "header.wav"), ("riff.wav", whole.prefix(12), "riff.wav"),
      ("cut.flac", Data(try encode(Audio(sampleRate: 16_000, samples: burst(16_000)), as: .flac).prefix(20_000)), "cut.flac"), ("nothing.wav", wav(data: []), "no samples"),
      ("nan.wav", wav(format: 3, bits: 32, data: notFinite), "frame 20000, channel 1 is not a number"), ("text.wav", Data("no sound".utf8), "found text"),
    ]
    let good = (name: "good.wav", data: whole)
    try run(bad.map { ($0.name, $0.data) } + [good]) { run, folder in
      #expect(run.status == 65)
      #expect(try ends(run).keys.sorted() == ["good.wav"])
      let failures = try #require(try run.json()["failures"] as? [[String: String]])
      #expect(failures.map { $0["file"] } == bad.map(\.name))
      for (failure, file) in zip(failures, bad) {
        #expect(failure["error"]!.contains(file.words) && failure["error"]!.contains(file.name), "\(failure)")
        #expect(run.errors.contains("triggerword: \(failure["error"]!)\n"))
      }
    }
  }
}
