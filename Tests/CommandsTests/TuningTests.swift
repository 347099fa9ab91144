import Foundation
import Testing

/// `--tune` and `--large-tiles` as a user gives them.
@Suite struct TuningTests {
  private let configuration = """
    [net]
    width=24
    height=24
    channels=16

    [convolutional]
    filters=32
    size=3
    stride=1
    pad=1
    activation=leaky
    """

  private func inFolder(_ body: (_ folder: URL, _ profile: (String...) throws -> Run) throws -> Void) throws {
    try withFolder { folder in
      try configuration.write(to: folder.appendingPathComponent("small.cfg"), atomically: true, encoding: .utf8)
      try body(folder) { (arguments: String...) in
        try Run(
          "percept", ["profile", "small.cfg", "--runs", "2", "--threads", "2"] + arguments, in: folder,
          environment: ["XDG_CACHE_HOME": folder.appendingPathComponent("cache").path])
      }
    }
  }

  @Test func timesAreMeasuredOnceAndKept() throws {
    try inFolder { folder, profile in
      let file = folder.appendingPathComponent("cache/percept/tuning.txt"), first = try profile("--tune")
      #expect(first.status == 0 && first.errors.hasPrefix("timed 1 convolution in ") && first.errors.contains(file.path))
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.hasPrefix("percept.tuning/1, ") && text.contains("\twinograd F(4×4)\t") && !text.contains("F(6×6)"))
      let again = try profile("--tune")
      #expect(again.status == 0 && again.errors == "")
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
      // What the file says decides.
      let changed = text.split(separator: "\n").map { line in line.contains("\tdirect\t") ? line[..<line.lastIndex(of: "\t")!] + "\t0.0" : line }
      try (changed.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
      #expect(try profile("--tune").output.contains(" direct ") && !profile().output.contains(" direct "))
      let large = try profile("--tune", "--large-tiles", "--quiet")
      #expect(large.status == 0 && large.errors == "")
      #expect(try String(contentsOf: file, encoding: .utf8).contains("\twinograd F(6×6)\t"))
    }
  }

  @Test func aFileOfAnotherMachineOrADamagedOneIsReplaced() throws {
    try inFolder { folder, profile in
      let cache = folder.appendingPathComponent("cache/percept"), file = cache.appendingPathComponent("tuning.txt")
      try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
      #expect(try profile("--tune").status == 0)
      let text = try String(contentsOf: file, encoding: .utf8), lines = text.split(separator: "\n")
      for bad in ["percept.tuning/1, percept 0, another machine\n" + lines.dropFirst().joined(separator: "\n"), lines[0] + "\nnonsense\n", ""] {
        try bad.write(to: file, atomically: true, encoding: .utf8)
        let run = try profile("--tune")
        #expect(run.status == 0 && run.errors.hasPrefix("timed 1 convolution in "))
        #expect(try String(contentsOf: file, encoding: .utf8).split(separator: "\n")[0] == lines[0])
      }
    }
  }

  @Test func aCacheThatCannotBeWrittenCostsOnlyTheTime() throws {
    try inFolder { folder, profile in
      try "a file".write(to: folder.appendingPathComponent("cache"), atomically: true, encoding: .utf8)
      let run = try profile("--tune")
      #expect(run.status == 0 && run.errors.contains("cannot be kept") && run.output.contains("all steps"))
    }
  }

  @Test func quickPreparationHasNoChoice() throws {
    try inFolder { _, profile in
      for option in ["--tune", "--large-tiles"] {
        let run = try profile("--quick", option)
        #expect(run.status == 64 && run.errors.contains("--quick"))
      }
    }
  }

  @Test(.enabled(if: isReady, needs)) func largeTilesFindTheSameObjects() throws {
    try withFolder { folder in
      let picture = try #require(samples).appendingPathComponent("dog.jpg").path
      func found(_ arguments: [String]) throws -> [[String: Any]] {
        let run = try Run("detect", [picture, "--json"] + arguments, in: folder)
        #expect(run.status == 0)
        let results = try #require(try run.json()["results"] as? [[String: Any]])
        return try #require(results[0]["detections"] as? [[String: Any]])
      }
      let expected = try found([]), large = try found(["--large-tiles"])
      #expect(expected.count == large.count && !expected.isEmpty)
      for (a, b) in zip(expected, large) {
        let confidences = try [a, b].map { try #require($0["confidence"] as? Double) }
        #expect(a["label"] as? String == b["label"] as? String && abs(confidences[0] - confidences[1]) < 0.005)
      }
    }
  }
}
