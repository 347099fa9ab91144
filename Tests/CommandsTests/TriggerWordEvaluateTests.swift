import Foundation
import Media
import Testing
import TriggerWords
import TriggerWordsTestSupport

@Suite struct TriggerWordEvaluateTests {
  private static let rate = 16_000

  /// A folder with clips of 6 s: bursts at 1 and 3 s in a, at 2 s in b; the phrase is said at 1.05 s of a and 4.5 s of b.
  private func withClips(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      try suddenSoundModel().save(to: folder.appendingPathComponent("sudden.safetensors").path)
      for (name, bursts) in [("a.wav", [1.0, 3.0]), ("b.wav", [2.0])] {
        let samples = burstySound(sampleRate: Self.rate, seconds: 6, bursts: bursts)
        try saveAudio(Audio(sampleRate: Self.rate, samples: samples), to: folder.appendingPathComponent(name).path)
      }
      try body(folder)
    }
  }

  private func evaluate(_ arguments: [String], in folder: URL) throws -> Run {
    try Run("triggerword", ["evaluate"] + arguments + ["--model", "sudden.safetensors"], in: folder)
  }

  @Test func theSameFromTableLabelsAndIndex() throws {
    try withClips { folder in
      try Data("file,start,end\na.wav,0.6,1.05\nb.wav,4,4.5\n".utf8).write(to: folder.appendingPathComponent("list.csv"))
      let table = try evaluate(["list.csv", "--json", "--false-accepts", "0", "--plot", "det.png"], in: folder), document = try table.json()
      #expect(table.status == 0 && document["schema"] as? String == "percept.triggerword-evaluation/1")
      #expect(document["clips"] as? Int == 2 && document["phrases"] as? Int == 2 && abs((document["hours"] as? Double ?? 0) - 12.0 / 3600) < 1e-6)
      let result = try #require(document["result"] as? [String: Any])
      #expect(result["hits"] as? Int == 1 && result["false_rejects"] as? Int == 1 && result["false_accepts"] as? Int == 2)
      let rate = try #require(result["false_accepts_per_hour"] as? [String: Double]), share = try #require(result["false_reject_rate"] as? [String: Double])
      #expect(abs(rate["value"]! - 600) < 1e-3 && abs(rate["lower"]! - 300 * 0.24221) < 0.1 && abs(rate["upper"]! - 300 * 7.22469) < 0.1)
      #expect(share["value"] == 0.5 && abs(share["lower"]! - 0.094531) < 1e-5 && abs(share["upper"]! - 0.905469) < 1e-5)
      let mistakes = try #require(document["mistakes"] as? [[String: Any]])
      #expect(mistakes.map { $0["kind"] as? String } == ["false accept", "false accept", "false reject"])
      #expect(mistakes.map { $0["file"] as? String } == ["a.wav", "b.wav", "b.wav"])
      let curve = try #require(document["curve"] as? [[String: Any]]), wanted = try #require(document["wanted"] as? [String: Any])
      #expect(curve.count > 1 && (wanted["result"] as? [String: Any])?["false_accepts"] as? Int == 0)
      #expect(try loadImage(folder.appendingPathComponent("det.png").path).image.width == 900)

      let index = #"{"schema":"percept.triggerword-clips/1","clips":[{"file":"a.wav","seconds":6,"positives":[{"start":0.6,"end":1.05}]},{"file":"b.wav","seconds":6,"positives":[{"start":4,"end":4.5}]}]}"#
      try Data(index.utf8).write(to: folder.appendingPathComponent("clips.json"))
      try Data("0.6\t1.05\tx\n".utf8).write(to: folder.appendingPathComponent("a.txt"))
      try Data("4\t4.5\tx\n".utf8).write(to: folder.appendingPathComponent("b.txt"))
      for arguments in [["clips.json"], ["."], ["a.wav", "b.wav"]] {
        let other = try evaluate(arguments + ["--json"], in: folder).json()
        #expect((other["result"] as? NSDictionary) == (document["result"] as? NSDictionary), "\(arguments)")
      }
      let text = try evaluate(["list.csv"], in: folder)
      #expect(text.output.contains("2 clips, 0.003 hours, phrase said 2 times") && text.output.contains("1 of 2") && text.output.contains("600.00 /h"))
    }
  }

  @Test func badListsAndSounds() throws {
    try withClips { folder in
      try Data("file,start,end\na.wav,2,1\n".utf8).write(to: folder.appendingPathComponent("bad.csv"))
      try Data("{}".utf8).write(to: folder.appendingPathComponent("bad.json"))
      try Data("a.wav\nmissing.wav\n".utf8).write(to: folder.appendingPathComponent("missing.csv"))
      for (name, words) in [("bad.csv", "line 2"), ("bad.json", "schema percept.triggerword-clips/1"), ("none.csv", "no such file")] {
        let run = try evaluate([name], in: folder)
        #expect(run.status == 65 && run.errors.contains(words) && run.output == "", "\(run)")
      }
      let run = try evaluate(["missing.csv", "--json"], in: folder)
      #expect(try run.status == 65 && run.json()["clips"] as? Int == 1 && run.errors.contains("missing.wav"))
      for options in [["--tolerance", "0"], ["--false-accepts", "-1"], ["--threshold", "2"], ["--plot", "x.txt"]] {
        #expect(try evaluate(["a.wav"] + options, in: folder).status == 64, "\(options)")
      }
    }
  }

  @Test func mining() throws {
    try withClips { folder in
      let found = try Run("triggerword", ["mine", "a.wav", "b.wav", "-o", "out", "--context", "0.5", "--model", "sudden.safetensors", "--json"], in: folder)
      #expect(found.status == 0, "\(found.errors)")
      let clips = try #require(try found.json()["clips"] as? [[String: Any]])
      #expect(clips.map { $0["source"] as? String } == ["a.wav", "a.wav", "b.wav"])
      let names = clips.compactMap { $0["file"] as? String }
      #expect(try contents(of: folder.appendingPathComponent("out")) == (names + ["clips.json"]).sorted())
      let whole = try loadAudio(folder.appendingPathComponent("a.wav").path)
      for (clip, name) in zip(clips, names).prefix(2) {
        let sound = try loadAudio(folder.appendingPathComponent("out/\(name)").path), first = Int(((clip["start"] as? Double ?? 0) * 16_000).rounded())
        #expect(sound.frameCount == Int(1.4 * 16_000), "\(sound.frameCount)")
        // Times have three decimals: within a few samples of the place.
        #expect((-16...16).contains { shift in Array(whole.samples[(first + shift)..<(first + shift + sound.frameCount)]) == sound.samples })
      }
      // They hold no phrase, so all that is heard in them is wrong.
      let evaluation = try evaluate(["out", "--json"], in: folder).json()
      #expect(evaluation["phrases"] as? Int == 0 && evaluation["clips"] as? Int == 3)

      let one = try Run("triggerword", ["mine", "a.wav", "b.wav", "-o", "one/", "--count", "1", "--model", "sudden.safetensors", "--quiet"], in: folder)
      let best = clips.max { ($0["score"] as! Double) < ($1["score"] as! Double) }!
      #expect(one.status == 0 && one.errors == "" && one.output.split(separator: "\n").count == 1 && one.output.hasPrefix(best["file"] as! String))
      for options in [["-"], ["a.wav", "--count", "0"], ["a.wav", "--context", "-1"]] {
        #expect(try Run("triggerword", ["mine"] + options + ["-o", "x"], in: folder).status == 64, "\(options)")
      }
      let missing = try Run("triggerword", ["mine", "missing.wav", "b.wav", "-o", "some", "--model", "sudden.safetensors"], in: folder)
      #expect(try missing.status == 65 && contents(of: folder.appendingPathComponent("some")).count == 2)
    }
  }
}
