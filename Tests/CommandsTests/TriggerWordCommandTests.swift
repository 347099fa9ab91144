import Foundation
import Media
import Testing
import TriggerWords
import TriggerWordsTestSupport

/// `triggerword` as a user runs it, with a network that hears sudden sounds.
@Suite struct TriggerWordCommandTests {
  private static let rate = 16_000

  /// A folder with the network, and a clip whose bursts begin after 1 and 2.6 seconds.
  private func withClip(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      try suddenSoundModel().save(to: folder.appendingPathComponent("sudden.safetensors").path)
      let sound = Audio(sampleRate: Self.rate, samples: burstySound(sampleRate: Self.rate, seconds: 4, bursts: [1, 2.6]))
      try saveAudio(sound, to: folder.appendingPathComponent("clip.wav").path)
      try body(folder)
    }
  }

  private func run(_ arguments: [String], in folder: URL, input: Data = Data()) throws -> Run {
    try Run("triggerword", arguments + ["--model", "sudden.safetensors"], in: folder, input: input)
  }

  private func events(_ run: Run, at place: Int = 0) throws -> [[String: Double]] {
    let results = try #require(try run.json()["results"] as? [[String: Any]])
    return try #require(results[place]["events"] as? [[String: Double]])
  }

  private func bytes(_ samples: [Float]) -> [UInt8] {
    samples.flatMap { sample in
      let number = Int16(max(-32_768, min(32_767, (sample * 32_768).rounded())))
      return [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
    }
  }

  /// Whether the second word of a line of the table is a time near `seconds`.
  private func isTime(_ seconds: Double, in line: some StringProtocol) -> Bool {
    let words = line.split(separator: " ")
    guard words.count == 3 else { return false }
    let parts = words[1].split(separator: ":").compactMap { Double($0) }
    return parts.count == 2 && abs(60 * parts[0] + parts[1] - seconds) < 0.05
  }

  @Test func aTableAndJSON() throws {
    try withClip { folder in
      let table = try run(["clip.wav"], in: folder), lines = table.output.split(separator: "\n")
      #expect(table.status == 0 && table.errors == "" && lines.count == 2, "\(table)")
      #expect(lines.allSatisfy { $0.hasPrefix("clip.wav   ") } && isTime(1, in: lines[0]) && isTime(2.6, in: lines[1]), "\(lines)")

      let found = try run(["clip.wav", "--json"], in: folder), document = try found.json()
      #expect(document["schema"] as? String == "percept.triggerword/1" && (document["failures"] as? [Any])?.count == 0)
      let record = try #require((document["results"] as? [[String: Any]])?.first), list = try events(found)
      #expect(record["file"] as? String == "clip.wav" && record["seconds"] as? Double == 4 && record["model"] as? String == "sudden")
      #expect(Set(record.keys) == ["file", "seconds", "model", "events"] && list.count == 2 && Set(list[0].keys) == ["start", "end", "peak", "score"])
      for (event, burst) in zip(list, [1, 2.6]) {
        #expect(event["end"]! > burst - 0.05 && event["end"]! < burst + 0.15 && abs(event["end"]! - event["start"]! - 0.4) < 2e-3)
        #expect(event["peak"]! >= event["end"]! && event["score"]! > 0.5 && event["score"]! <= 1)
      }
      #expect(try run(["clip.wav", "--threshold", "1", "--jsonl"], in: folder).output.contains("\"events\":[]"))
      #expect(try run(["clip.wav", "--threshold", "1"], in: folder).output == "clip.wav  not said\n")
    }
  }

  @Test func labelsAndSubtitles() throws {
    try withClip { folder in
      let found = try run(["clip.wav", "--json", "--labels", "a.txt", "--srt", "a.srt"], in: folder), list = try events(found)
      func text(_ name: String) throws -> String { try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) }
      func six(_ value: Double) -> String { String(format: "%.6f", value) }
      let labels = try text("a.txt").split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
      #expect(labels.map { $0[2] } == ["sudden sound", "sudden sound"] && labels.allSatisfy { $0[0].split(separator: ".")[1].count == 6 })
      #expect(zip(labels, list).allSatisfy { abs(Double($0[0])! - $1["start"]!) < 6e-4 && abs(Double($0[1])! - $1["end"]!) < 6e-4 })
      let lines = try text("a.srt").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let times = #/00:00:0(\d),(\d{3}) --> 00:00:0(\d),(\d{3})/#
      try #require(lines.count == 9)
      #expect(lines[0] == "1" && lines[2] == "sudden sound" && lines[3] == "" && lines[4] == "2" && lines[7] == "" && lines[8] == "")
      for (line, event) in [(lines[1], list[0]), (lines[5], list[1])] {
        let match = try #require(line.wholeMatch(of: times))
        #expect(abs(Double("\(match.1).\(match.2)")! - event["start"]!) < 2e-3 && abs(Double("\(match.3).\(match.4)")! - event["end"]!) < 2e-3)
      }
      // What was written is what `evaluate` reads.
      try FileManager.default.moveItem(at: folder.appendingPathComponent("a.txt"), to: folder.appendingPathComponent("clip.txt"))
      let evaluation = try Run("triggerword", ["evaluate", "clip.wav", "--model", "sudden.safetensors", "--json"], in: folder).json()
      let result = try #require(evaluation["result"] as? [String: Any])
      #expect(result["hits"] as? Int == 2 && result["false_accepts"] as? Int == 0)
    }
  }

  @Test func aChimeWhereTheEventIs() throws {
    try withFolder { folder in
      try suddenSoundModel().save(to: folder.appendingPathComponent("sudden.safetensors").path)
      let rate = 44_100, mono = burstySound(sampleRate: rate, seconds: 3, bursts: [1.2], level: 0.3)
      let stereo = Audio(sampleRate: rate, channels: 2, samples: mono.flatMap { [$0, 0.5 * $0] })
      try saveAudio(stereo, to: folder.appendingPathComponent("clip.wav").path)
      let found = try run(["clip.wav", "--json", "--chime", "out.wav"], in: folder), list = try events(found)
      try #require(list.count == 1)
      let before = try loadAudio(folder.appendingPathComponent("clip.wav").path), after = try loadAudio(folder.appendingPathComponent("out.wav").path)
      #expect(after.sampleRate == rate && after.channels == 2 && after.samples.count == before.samples.count)
      let added = zip(after.samples, before.samples).map { $0 - $1 }, chime = Chime.samples(sampleRate: rate)
      let start = (added.firstIndex { abs($0) > 1e-3 } ?? 0) / 2
      #expect(abs(Double(start) / Double(rate) - list[0]["end"]!) < 0.003)
      #expect(added[..<(2 * (start - 200))].allSatisfy { abs($0) < 1e-4 })
      // It sounds alike in both channels, as loud as it is.
      let power = (0..<rate / 2).reduce(Float(0)) { $0 + added[2 * (start + $1)] * added[2 * (start + $1) + 1] }
      #expect(abs(power / chime[..<(rate / 2)].reduce(0) { $0 + $1 * $1 } - 1) < 0.05)
    }
  }

  @Test func aPicture() throws {
    try withClip { folder in
      let found = try run(["clip.wav", "--plot", "clip.png"], in: folder)
      #expect(found.status == 0 && found.errors == "wrote clip.png\n")
      let picture = try loadImage(folder.appendingPathComponent("clip.png").path).image
      #expect(picture.width == 1200 && picture.height == 800)
      // The marks of the events' ends, green, through the spectrogram: at 1.02 and 2.62 of 4 seconds.
      let green = (76..<1176).filter { x in
        let place = (300 * 1200 + x) * 3
        return picture.pixels[place] < 30 && picture.pixels[place + 1] > 130 && picture.pixels[place + 2] > 90
      }
      #expect(!green.isEmpty && green.allSatisfy { x in [1.02, 2.62].contains { abs(Double(x - 76) / 1100 * 4 - $0) < 0.1 } }, "\(green)")
    }
  }

  @Test func severalClipsAndUnreadableOnes() throws {
    try withClip { folder in
      try FileManager.default.createDirectory(at: folder.appendingPathComponent("b"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: folder.appendingPathComponent("clip.wav"), to: folder.appendingPathComponent("b/clip.wav"))
      try Data("no sound".utf8).write(to: folder.appendingPathComponent("text.wav"))
      let options = ["--labels", "out/", "--srt", "out", "--chime", "out", "--plot", "out"]
      let found = try run(["clip.wav", "text.wav", "b/clip.wav", "--json"] + options, in: folder)
      let failures = try #require(try found.json()["failures"] as? [[String: String]])
      #expect(found.status == 65 && failures.count == 1 && failures[0]["file"] == "text.wav" && found.errors.contains("text.wav: found text"))
      let counts = try [events(found, at: 0).count, events(found, at: 1).count]
      #expect(counts == [2, 2])
      let names = ["-chime.wav", ".png", ".srt", ".txt"]
      let written = try contents(of: folder.appendingPathComponent("out"))
      #expect(written == (["clip", "clip-2"].flatMap { stem in names.map { stem + $0 } }).sorted(), "\(written)")
    }
  }

  @Test func badUsage() throws {
    try withClip { folder in
      for options in [
        [], ["clip.wav", "--threshold", "0"], ["clip.wav", "--threshold", "1.5"], ["clip.wav", "--json", "--jsonl"], ["-", "-"], ["clip.wav", "--rate", "16000"],
        ["-", "--channels", "2"], ["-", "--format", "s16le"], ["-", "--rate", "0"], ["-", "--rate", "16000", "--format", "f32le"],
        ["-", "--rate", "16000", "--channels", "0"], ["clip.wav", "--chime", "x.mp3"], ["clip.wav", "--plot", "x.gif"], ["clip.wav", "--chime", "clip.wav"],
        ["clip.wav", "clip.wav", "--labels", "x.txt"], ["clip.wav", "--threads", "0"],
      ] {
        let found = try run(options, in: folder)
        #expect(found.status == 64 && found.output == "", "\(options): \(found.status)")
      }
      #expect(try Run("triggerword", ["clip.wav", "--model", "none.safetensors"], in: folder).status == 69)
      #expect(try Run("triggerword", ["clip.wav", "--model", "no-such-name"], in: folder).status == 69)
      let unwritable = try run(["clip.wav", "--chime", "no/such/folder/x.wav"], in: folder)
      #expect(unwritable.status == 70 && unwritable.errors.contains("no/such/folder/x.wav"))
      #expect(try contents(of: folder) == ["clip.wav", "sudden.safetensors"])
    }
  }

  // MARK: Raw samples

  /// Each event is printed while the stream goes on.
  @Test(arguments: ["--jsonl", "table"]) func eventsAsTheyHappen(form: String) throws {
    try withClip { folder in
      let stream = try PipedRun(
        "triggerword", ["-", "--rate", "16000", "--model", "sudden.safetensors"] + (form == "table" ? [] : [form]), in: folder)
      let quiet = burstySound(sampleRate: Self.rate, seconds: 2, bursts: [1.5])
      for round in 0..<3 {
        // The burst begins at 1.5 of each 2 seconds; 0.3 seconds after its beginning it must be known.
        stream.write(bytes(Array(quiet[..<(Self.rate * 18 / 10)])))
        let line = try #require(stream.line(within: 20), "round \(round)"), time = 2 * Double(round) + 1.5
        if form == "table" {
          #expect(line.hasPrefix("-   ") && isTime(time, in: line), "\(line)")
        } else {
          let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
          #expect(event["schema"] as? String == "percept.triggerword-event/1" && event["file"] as? String == "-")
          #expect(abs((event["end"] as? Double ?? 0) - time - 0.05) < 0.1, "\(line)")
        }
        stream.write(bytes(Array(quiet[(Self.rate * 18 / 10)...])))
      }
      let end = try stream.finish()
      #expect(end.status == 0 && end.output == "" && end.errors == "")
    }
  }

  @Test func interrupted() throws {
    try withClip { folder in
      let stream = try PipedRun("triggerword", ["-", "--rate", "16000", "--model", "sudden.safetensors", "--labels", "a.txt", "--chime", "a.wav"], in: folder)
      stream.write(bytes(burstySound(sampleRate: Self.rate, seconds: 3, bursts: [1])))
      let line = try #require(stream.line(within: 20))
      #expect(isTime(1, in: line), "\(line)")
      stream.interrupt()
      let end = try stream.finish()
      #expect(end.status == 130, "\(end)")
      #expect(try String(contentsOf: folder.appendingPathComponent("a.txt"), encoding: .utf8).split(separator: "\n").count == 1)
      #expect(try loadAudio(folder.appendingPathComponent("a.wav").path).duration > 1.2)
      #expect(try contents(of: folder) == ["a.txt", "a.wav", "clip.wav", "sudden.safetensors"])
    }
  }

  @Test func rawSamplesGiveWhatTheFileGives() throws {
    try withClip { folder in
      let sound = try loadAudio(folder.appendingPathComponent("clip.wav").path), raw = Data(bytes(sound.samples))
      let file = try events(try run(["clip.wav", "--json"], in: folder))
      #expect(try events(try run(["-", "--rate", "16000", "--json"], in: folder, input: raw)) == file)
      let stereo = Data(bytes(sound.samples.flatMap { [$0, $0] }))
      #expect(try events(try run(["-", "--rate", "16000", "--channels", "2", "--format", "s16le", "--json"], in: folder, input: stereo)) == file)
      let piped = try run(["-", "--json"], in: folder, input: Data(contentsOf: folder.appendingPathComponent("clip.wav")))
      #expect(try events(piped) == file)
    }
  }

  @Test func rawSamplesThatAreCut() throws {
    try withClip { folder in
      let raw = Data(bytes(burstySound(sampleRate: Self.rate, seconds: 2, bursts: [1])))
      let cut = try run(["-", "--rate", "16000"], in: folder, input: raw + Data([7]))
      #expect(cut.status == 65 && cut.errors.contains("in the middle of one") && isTime(1, in: cut.output))
      let frame = try run(["-", "--rate", "16000", "--channels", "3"], in: folder, input: raw)
      #expect(frame.status == 65 && frame.errors.contains("after 2 of 3 channels"), "\(frame)")
      let none = try run(["-", "--rate", "16000"], in: folder)
      #expect(none.status == 65 && none.errors.contains("no samples"))
    }
  }

  /// An hour of sound takes no more memory than a minute.
  @Test func anHourInConstantMemory() throws {
    try withClip { folder in
      func megabytes(minutes: Int) throws -> Int {
        let stream = try PipedRun(
          "triggerword", ["-", "--rate", "16000", "--model", "sudden.safetensors", "--plot", "long.png", "--chime", "long.wav", "--jsonl"], in: folder)
        let minute = bytes(burstySound(sampleRate: Self.rate, seconds: 60, bursts: [30]))
        var lines = 0
        for _ in 0..<minutes {
          stream.write(minute)
          if stream.line(within: 60) != nil { lines += 1 }
        }
        let most = try #require(stream.megabytes), end = try stream.finish()
        #expect(end.status == 0 && lines == minutes, "\(end.errors)")
        return most
      }
      let short = try megabytes(minutes: 1), long = try megabytes(minutes: 60)
      #expect(long < short + 24, "\(short) MB for a minute, \(long) MB for an hour")
      #expect(long < 200)
    }
  }
}
