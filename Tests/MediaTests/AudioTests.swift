import Foundation
import Media
import Testing

@Suite struct AudioTests {
  // MARK: Every kind of sample

  @Test func sixteenBits() throws {
    let numbers: [Int16] = [0, 1, -1, 12_345, 32_767, -32_768]
    let audio = try decodeAudio(wavBytes(channels: 2, rate: 44_100, data: bytes(numbers)), path: "x.wav")
    let expected = numbers.map { Float($0) / 32_768 }, mono: [Float] = [0.5 / 32_768, 6172 / 32_768, -0.5 / 32_768]
    #expect(audio.sampleRate == 44_100 && audio.channels == 2 && audio.frameCount == 3 && audio.samples == expected)
    #expect(audio.mixedToMono().samples == mono)
    #expect(PCMClip(audio).samples == numbers && PCMClip(audio).audio == audio)
  }

  @Test func eightBits() throws {
    let audio = try decodeAudio(wavBytes(rate: 8000, bits: 8, data: [0, 64, 128, 192, 255, 128]), path: "x.wav")
    #expect(audio.samples == [-1, -0.5, 0, 0.5, 127 / 128, 0] && audio.sampleRate == 8000)
  }

  @Test func twentyFourBits() throws {
    let audio = try decodeAudio(wavBytes(rate: 48_000, bits: 24, data: [0, 0, 0x40, 0xFF, 0xFF, 0xFF, 0, 0, 0x80, 1, 0, 0]), path: "x.wav")
    #expect(audio.samples == [0.5, -1 / 8_388_608, -1, 1 / 8_388_608] && audio.sampleRate == 48_000)
  }

  /// Offsets and clipped samples are left as they are; silence too.
  @Test func nothingIsCorrected() throws {
    for numbers: [Int16] in [[8192, 8193, 8191], [32_767, 32_767, -32_768], [0, 0, 0]] {
      #expect(try PCMClip(decodeAudio(wavBytes(rate: 48_000, data: bytes(numbers)), path: "x.wav")).samples == numbers)
    }
  }

  /// Beyond full scale too.
  @Test func floats() throws {
    let numbers: [Float] = [0, 0.1, -0.7, 1.5, -3e8]
    #expect(try decodeAudio(wavBytes(format: 3, bits: 32, data: bytes(numbers)), path: "x.wav").samples == numbers)
  }

  @Test func surround() throws {
    let frame: [Int16] = [6000, -6000, 12_000, 0, 3000, -3000]
    let audio = try decodeAudio(wavBytes(channels: 6, rate: 48_000, data: bytes(frame + frame)), path: "x.wav")
    let mean: Float = 2000 / 32_768, isMean = audio.mixedToMono().samples.allSatisfy { abs($0 - mean) < 1e-7 }
    #expect(audio.channels == 6 && audio.frameCount == 2 && isMean)
  }

  // MARK: Writing

  @Test(arguments: AudioFormat.allCases, SampleFormat.allCases) func thereAndBack(format: AudioFormat, kind: SampleFormat) throws {
    let audio = Audio(sampleRate: 22_050, channels: 2, samples: sine(440, rate: 22_050, count: 5000) + [1, -1, 1.7, -1.7])
    if format == .flac && kind == .float32 {
      #expect(throws: AudioError.self) { try encode(audio, as: format, samples: kind) }
      return
    }
    let encoded = try encode(audio, as: format, samples: kind), back = try decodeAudio(encoded, path: "x")
    #expect(back.sampleRate == 22_050 && back.channels == 2 && back.frameCount == audio.frameCount)
    let scale = Float(1 << (kind.rawValue - 1))
    let expected = kind == .float32 ? audio.samples : audio.samples.map { max(-scale, min(scale - 1, ($0 * scale).rounded())) / scale }
    #expect(back.samples == expected)
    #expect(try encode(back, as: format, samples: kind) == encode(back, as: format, samples: kind))
  }

  @Test func filesAreWrittenWhole() throws {
    try withSoundFolder { folder in
      let audio = Audio(sampleRate: 8000, samples: sine(100, rate: 8000, count: 800))
      for name in ["a.wav", "b.FLAC"] {
        try saveAudio(audio, to: "\(folder)/\(name)", samples: .pcm24)
        let back = try loadAudio("\(folder)/\(name)")
        #expect(zip(back.samples, audio.samples).allSatisfy { abs($0 - $1) < 1e-7 } && back.sampleRate == 8000)
      }
      #expect(throws: AudioError(path: "\(folder)/c.mp3", kind: .unknownSuffix)) { try saveAudio(audio, to: "\(folder)/c.mp3") }
      #expect(throws: AudioError.self) { try saveAudio(audio, to: "\(folder)/none/c.wav") }
      #expect(throws: AudioError(path: "\(folder)/d.wav", kind: .notFinite(frame: 1, channel: 0))) {
        try saveAudio(Audio(sampleRate: 8, samples: [0, .nan]), to: "\(folder)/d.wav")
      }
      #expect(throws: AudioError.self) { try encode(Audio(sampleRate: 8000, channels: 9, samples: [Float](repeating: 0, count: 9)), as: .flac) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.wav", "b.FLAC"])
    }
  }

  // MARK: Streams

  @Test(arguments: [1, 7, 1000, 100_000]) func blocksAreTheWhole(block: Int) throws {
    try withSoundFolder { folder in
      let audio = Audio(sampleRate: 16_000, channels: 3, samples: sine(300, rate: 16_000, count: 9000))
      try saveAudio(audio, to: "\(folder)/x.flac")
      let file = try AudioFile("\(folder)/x.flac")
      #expect(file.facts.frameCount == 3000 && file.facts.container.contains("FLAC") && file.facts.coding.contains("16"))
      var samples: [Float] = []
      while true {
        let part = try file.read(upTo: block)
        if part.isEmpty { break }
        samples += part
      }
      #expect(try samples == loadAudio("\(folder)/x.flac").samples && file.position == 3000 && file.read(upTo: 5) == [])
    }
  }

  @Test(arguments: [1, 2, 3, 64]) func rawSamplesCutAnywhere(block: Int) throws {
    let numbers: [Int16] = [0, -32_768, 32_767, 258, -2], raw = bytes(numbers)
    var decoder = PCMDecoder()
    var samples: [Float] = []
    for start in stride(from: 0, to: raw.count, by: block) { samples += decoder.push(Array(raw[start..<min(start + block, raw.count)])) }
    try decoder.finish(path: "stream")
    #expect(samples == numbers.map { Float($0) / 32_768 })
    #expect(decoder.push([1]) == [])
    #expect(throws: AudioError(path: "stream", kind: .cutInSample)) { try decoder.finish(path: "stream") }
  }

  // MARK: Bad files

  private func kind(of bytes: [UInt8]) -> AudioError.Kind? {
    do throws(AudioError) { _ = try decodeAudio(bytes, path: "bad.wav") } catch {
      #expect("\(error)".hasPrefix("bad.wav: ") && "\(error)".count > 30)
      return error.kind
    }
    return nil
  }

  @Test func filesThatAreNoSounds() throws {
    #expect(kind(of: []) == .unrecognized(found: "an empty file"))
    #expect(kind(of: Array("Dear reader, this is no sound.".utf8)) == .unrecognized(found: "text"))
    #expect(kind(of: [0x89, 0x50, 0x4E, 0x47] + [UInt8](repeating: 1, count: 100)) != nil)
    try withSoundFolder { folder in
      try Data().write(to: URL(filePath: "\(folder)/empty.wav"))
      #expect(throws: AudioError(path: "\(folder)/empty.wav", kind: .unrecognized(found: "an empty file"))) { try loadAudio("\(folder)/empty.wav") }
      try Data("no sound".utf8).write(to: URL(filePath: "\(folder)/text.wav"))
      #expect(throws: AudioError(path: "\(folder)/text.wav", kind: .unrecognized(found: "text"))) { try loadAudio("\(folder)/text.wav") }
      for path in [folder, "\(folder)/missing.wav"] {
        do {
          _ = try loadAudio(path)
          Issue.record("\(path) is no sound")
        } catch {
          if case .file = (error as? AudioError)?.kind {} else { Issue.record("\(error)") }
        }
      }
    }
  }

  /// Cut anywhere, a file is an error or a shorter sound; within the header always an error, or no samples.
  @Test func cutAnywhere() throws {
    let audio = Audio(sampleRate: 8000, samples: sine(200, rate: 8000, count: 300))
    let exact = PCMClip(audio).audio.samples
    for format in AudioFormat.allCases {
      let whole = try encode(audio, as: format)
      for count in 0..<whole.count {
        do {
          let found = try decodeAudio(Array(whole.prefix(count)), path: "cut")
          #expect(format == .wav && found.frameCount <= max(0, count - 44) / 2, "\(count)")
          #expect(found.samples == Array(exact.prefix(found.frameCount)), "\(count)")
        } catch { #expect(!"\(error)".isEmpty) }
      }
      #expect(try decodeAudio(whole, path: "whole").frameCount == 300)
    }
  }

  @Test func changedBytes() throws {
    let audio = Audio(sampleRate: 8000, samples: sine(200, rate: 8000, count: 200))
    for format in AudioFormat.allCases {
      let whole = try encode(audio, as: format)
      for place in 0..<min(whole.count, 120) {
        for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
          var bytes = whole
          bytes[place] = value
          do { #expect(try decodeAudio(bytes, path: "x").samples.count < 1 << 20) } catch { #expect(!"\(error)".isEmpty) }
        }
      }
    }
  }

  @Test func hostileHeaders() throws {
    #expect(kind(of: wavBytes(channels: 0, data: [0, 0])) != nil)
    #expect(kind(of: wavBytes(rate: 0, data: [0, 0])) != nil)
    #expect(kind(of: wavBytes(channels: 65_535, data: [0, 0])) != nil)
    // A recorder that was stopped leaves a length that is not there.
    #expect(try decodeAudio(wavBytes(data: bytes([1, 2, 3] as [Int16]), claimed: 0x7FFF_FFF0), path: "x").samples.count == 3)
    #expect(try decodeAudio(wavBytes(data: []), path: "x").samples == [])
    var options = AudioOptions()
    options.largestSampleCount = 2
    let three = wavBytes(data: bytes([1, 2, 3] as [Int16]))
    #expect(throws: AudioError(path: "x", kind: .tooLong(limit: 2))) { try decodeAudio(three, path: "x", options: options) }
  }

  @Test func samplesThatAreNoNumbers() {
    for value in [Float.nan, .infinity, -.infinity, 1e30] {
      #expect(kind(of: wavBytes(format: 3, channels: 2, bits: 32, data: bytes([0, 1, 0.5, value]))) == .notFinite(frame: 1, channel: 1))
    }
  }
}
