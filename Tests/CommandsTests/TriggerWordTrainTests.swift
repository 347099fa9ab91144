import Foundation
import Media
import TestSupport
import Testing

/// `triggerword train` as a user runs it: as few clips as make a network, not a good one.
@Suite struct TriggerWordTrainTests {
  private let quick = [
    "train", "--phrase", "banana", "--voices", "en-us,en-gb,en-us+f3,en-us+m3", "--hold-out", "espeak-ng+m3", "--prompts", "none", "--utterances", "20", "--clips", "32",
    "--epochs", "2", "--batch", "16", "--seed", "3",
  ]

  @Test(.enabled(if: hasEspeak, needsEspeak)) func networksAreTrainedTestedAndUsed() throws {
    try withFolder { folder in
      let run = try Run("triggerword", quick + ["--members", "2", "-o", "a.safetensors", "--plot", "curves.png", "--json"], in: folder), document = try run.json()
      #expect(run.status == 0 && run.errors == "" && document["schema"] as? String == "percept.triggerword-train/1")
      #expect(document["phrase"] as? String == "banana" && document["epochs"] as? Int == 2 && document["clips"] as? Int == 32 && document["seed"] as? Int == 3)
      let test = try #require(document["test"] as? [String: Any])
      #expect(test["speakers"] as? [String] == ["espeak-ng+m3"] && (test["phrases"] as? Int ?? 0) > 5 && (test["near_said"] as? Int ?? 0) > 5)
      #expect(try contents(of: folder) == ["a.safetensors", "curves.png"])
      #expect(try loadImage(folder.appending(path: "curves.png").path).image.width > 100)

      // The same once more, without a word: the same bytes.
      let again = try Run("triggerword", quick + ["--members", "2", "-o", "b.safetensors", "--quiet"], in: folder)
      #expect(again.status == 0 && again.errors == "" && again.output.contains("“banana”, causal network"))
      let bytes = try ["a", "b"].map { try Data(contentsOf: folder.appending(path: "\($0).safetensors")) }
      #expect(bytes[0] == bytes[1])

      let silence = Audio(sampleRate: 16_000, channels: 1, samples: [Float](repeating: 0, count: 32_000))
      try saveAudio(silence, to: folder.appending(path: "silence.wav").path)
      let heard = try Run("triggerword", ["silence.wav", "--model", "a.safetensors"], in: folder)
      #expect(heard.status == 0 && heard.output.contains("not said"))

      // Going on keeps both networks.
      let more = quick.map { $0 == "2" ? "1" : $0 } + ["--from", "a.safetensors", "-o", "c.safetensors", "--quiet"]
      #expect(try Run("triggerword", more, in: folder).status == 0)
      let sizes = try ["a", "c"].map { try Data(contentsOf: folder.appending(path: "\($0).safetensors")).count }
      #expect(abs(sizes[0] - sizes[1]) < 500)
    }
  }

  @Test func wrongOptions() throws {
    try withFolder { folder in
      for options in [["--members", "17"], ["--members", "2", "--network", "course"], ["--clips", "2"], ["--epochs", "0"], ["--learning-rate", "-1"], ["-o", "x.bin"]] {
        let run = try Run("triggerword", ["train", "--phrase", "banana"] + options, in: folder)
        #expect(run.status == 64 && run.errors.contains(options[0] == "-o" ? "x.bin" : options[0]), "\(options): \(run.errors)")
      }
      #expect(try contents(of: folder).isEmpty)
    }
  }
}
