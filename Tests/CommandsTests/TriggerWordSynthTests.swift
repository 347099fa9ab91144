import Foundation
import Media
import TestSupport
import Testing

let hasEspeak = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
  FileManager.default.isExecutableFile(atPath: "\($0)/espeak-ng")
}
let needsEspeak: Comment = "needs espeak-ng: apt-get install espeak-ng"

/// `triggerword synth` as a user runs it.
@Suite struct TriggerWordSynthTests {
  private let quick = ["--utterances", "6", "--voices", "espeak-ng", "--prompts", "none"]

  @Test(.enabled(if: hasEspeak, needsEspeak)) func clipsWithTheirLabels() throws {
    try withFolder { folder in
      let options = ["synth", "--phrase", "hey computer", "--count", "4", "--seconds", "6", "--seed", "3", "--json"] + quick
      let run = try Run("triggerword", options + ["-o", "made/clips"], in: folder), index = try run.json()
      #expect(run.status == 0 && run.errors == "" && index["schema"] as? String == "percept.triggerword-clips/1")
      #expect(index["phrase"] as? String == "hey computer" && index["sampleRate"] as? Int == 16_000)
      let clips = try #require(index["clips"] as? [[String: Any]]), place = folder.appending(path: "made/clips")
      #expect(clips.count == 4)
      #expect(try contents(of: place) == (0..<4).flatMap { ["clip-0000\($0).txt", "clip-0000\($0).wav"] } + ["clips.json"])
      var positives = 0
      for clip in clips {
        let name = try #require(clip["file"] as? String), words = try #require(clip["positives"] as? [[String: Any]])
        let sound = try loadAudio(place.appending(path: name).path)
        #expect(sound.sampleRate == 16_000 && sound.channels == 1 && sound.frameCount == 96_000 && sound.samples.contains { abs($0) > 0.01 })
        let labels = try String(contentsOf: place.appending(path: name.replacing(".wav", with: ".txt")), encoding: .utf8).split(separator: "\n")
        #expect(labels.count == words.count)
        for (line, word) in zip(labels, words) {
          let fields = line.split(separator: "\t"), end = try #require(word["end"] as? Double)
          #expect(fields.count == 3 && fields[2] == "hey computer" && abs((Double(fields[1]) ?? 0) - end) < 1e-3 && end <= 6)
        }
        positives += words.count
      }
      #expect(positives > 0 && index["positives"] as? Int == positives)
      let again = try Run("triggerword", options + ["-o", "again"], in: folder)
      #expect(again.output == run.output)
      for name in try contents(of: place) {
        #expect(try Data(contentsOf: place.appending(path: name)) == Data(contentsOf: folder.appending(path: "again/\(name)")), "\(name)")
      }
    }
  }

  @Test(.enabled(if: hasEspeak, needsEspeak)) func speechAlone() throws {
    try withFolder { folder in
      let options = ["synth", "--phrase", "activate", "--count", "3", "--speech-only", "--voices", "en-us+f3,en-gb", "--rate", "22050", "-o", "words"]
      let run = try Run("triggerword", options, in: folder)
      #expect(run.status == 0 && run.errors.contains("speakers:") && run.output == "")
      let names = (0..<3).map { "negative-0000\($0).wav" } + (0..<3).map { "positive-0000\($0).wav" }
      #expect(try contents(of: folder.appending(path: "words")) == ["clips.json"] + names)
      let sound = try loadAudio(folder.appending(path: "words/positive-00000.wav").path)
      #expect(sound.sampleRate == 22_050 && (0.3...1.5).contains(sound.duration))
    }
  }

  @Test(.enabled(if: hasEspeak, needsEspeak)) func interruptedItLeavesNothingInTheTemporaryFolder() throws {
    try withFolder { folder in
      let place = folder.appending(path: "tmp"), program = commandsFolder.appendingPathComponent("triggerword").path
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let options = ["synth", "--phrase", "activate", "-o", "clips", "--prompts", "none", "--utterances", "5000", "--voices", "espeak-ng"]
      // The shell's child, whose signals may be blocked or ignored as it starts.
      let script = "\"$@\" & child=$!; sleep 4; kill -INT $child; wait $child"
      let stopped = try TestSupport.run("/bin/sh", ["-c", script, "sh", program] + options, in: folder.path, environment: ["TMPDIR": place.path])
      #expect(stopped.status == 130 && stopped.errors.contains("interrupted"), "\(stopped)")
      #expect(try contents(of: place) == [] && contents(of: folder.appending(path: "clips")) == [])
    }
  }

  /// Without any synthesiser, from recordings.
  @Test func recordingsAlone() throws {
    try withFolder { folder in
      let word = Audio(sampleRate: 8000, samples: (0..<4000).map { 0.5 * sinf(Float($0) * 0.4) })
      try FileManager.default.createDirectory(at: folder.appending(path: "mine"), withIntermediateDirectories: true)
      try saveAudio(word, to: folder.appending(path: "mine/one.wav").path)
      try Data("no sound".utf8).write(to: folder.appending(path: "mine/two.wav"))
      let options = ["synth", "--phrase", "activate", "--voices", "none", "--prompts", "none", "--count", "2", "-o", "clips", "--positives"]
      let run = try Run("triggerword", options + ["mine"], in: folder, environment: ["PATH": "/nowhere"])
      #expect(run.status == 0 && run.errors.contains("left out: mine/two.wav") && run.errors.contains("wrote 2 clips to clips"), "\(run.errors)")
      let empty = try Run("triggerword", options + ["nothing"], in: folder)
      #expect(empty.status == 65 && empty.errors.contains("nothing"), "\(empty.errors)")
    }
  }

  @Test func badUse() throws {
    try withFolder { folder in
      let none = try Run("triggerword", ["synth", "--phrase", "activate", "-o", "x"], in: folder, environment: ["PATH": "/nowhere"])
      #expect(none.status == 70 && none.errors.contains("apt-get install espeak-ng"), "\(none.errors)")
      let wrong = [
        ["--phrase", "activate"], ["-o", "x"], ["--phrase", "a", "-o", "x", "--count", "0"], ["--phrase", "a", "-o", "x", "--seconds", "0"],
        ["--phrase", "a", "-o", "x", "--rate", "100"], ["--phrase", "a", "-o", "x", "--voices", "none"],
        ["--phrase", "a", "-o", "x", "--utterances", "0"],
      ]
      for options in wrong { #expect(try Run("triggerword", ["synth"] + options, in: folder).status == 64, "\(options)") }
    }
  }

  @Test(.enabled(if: hasEspeak, needsEspeak)) func textsAndVoicesThatCannotBe() throws {
    try withFolder { folder in
      let silent = try Run("triggerword", ["synth", "--phrase", "…", "-o", "x"] + quick, in: folder)
      #expect(silent.status == 64 && silent.errors.contains("has no letters"), "\(silent.errors)")
      let voice = try Run("triggerword", ["synth", "--phrase", "a", "-o", "x", "--voices", "nobody"], in: folder)
      #expect(voice.status == 64 && voice.errors.contains("no voice \"nobody\""), "\(voice.errors)")
      try Data().write(to: folder.appending(path: "file"))
      let blocked = try Run("triggerword", ["synth", "--phrase", "a", "-o", "file"], in: folder)
      #expect(blocked.status == 70 && blocked.errors.contains("file"), "\(blocked.errors)")
    }
  }
}
