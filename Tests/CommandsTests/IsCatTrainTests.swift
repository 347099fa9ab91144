import Foundation
import Media
import TestSupport
import Testing

/// `iscat train` and `iscat evaluate` as a user runs them, on pictures made here: “cats” are bright squares on dark ground.
@Suite struct IsCatTrainTests {
  /// Pictures in the folders `cat` and `other` of `folder`.
  private func writePictures(_ folder: URL, count: Int = 12, salt: Int = 0) throws {
    for index in 0..<count {
      let isCat = index % 2 == 0, name = isCat ? "cat" : "other", start = (index * 5 + salt) % 8 + 2
      var pixels: [UInt8] = []
      for row in 0..<24 {
        for column in 0..<24 {
          let isInside = (start..<start + 10).contains(row) && (start..<start + 10).contains(column), light = (row * 7 + column * 13 + index * 29) % 40
          pixels += [UInt8](repeating: UInt8((isInside == isCat ? 180 : 40) + light), count: 3)
        }
      }
      let place = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try saveImage(Image(width: 24, height: 24, pixels: pixels), to: place.appendingPathComponent("\(index).png").path)
    }
  }

  private let quick = ["--network", "cnn", "--side", "16", "--batch", "4", "--epochs", "30"]

  @Test func aNetworkIsTrainedUsedAndEvaluated() throws {
    try withFolder { folder in
      try writePictures(folder.appendingPathComponent("train"), count: 24)
      try writePictures(folder.appendingPathComponent("test"), count: 10, salt: 3)
      let run = try Run("iscat", ["train", "train", "--test", "test", "-o", "mine.safetensors", "--plot", "curves.png", "--json"] + quick, in: folder)
      let document = try run.json(), sets = try #require(document["sets"] as? [[String: Any]])
      #expect(run.status == 0 && run.errors == "" && document["schema"] as? String == "percept.iscat-train/1" && document["classes"] as? [String] == ["cat", "other"])
      #expect(sets.map { $0["name"] as? String } == ["train", "dev", "test"] && sets.map { $0["pictures"] as? Int } == [19, 5, 10])
      #expect(sets[2]["accuracy"] as? Double == 1 && (sets[2]["lower"] as? Double ?? 1) < 0.8 && document["best_epoch"] is Int)
      #expect(try contents(of: folder) == ["curves.png", "mine.safetensors", "test", "train"])

      let yes = try Run("iscat", ["test/cat/0.png", "--model", "mine.safetensors", "--explain", "map.png", "--quiet"], in: folder)
      #expect(yes.status == 0 && yes.output.hasPrefix("test/cat/0.png: cat, ") && yes.errors == "")
      #expect(try Run("iscat", ["test/other/1.png", "--model", "mine.safetensors"], in: folder).status == 1)

      let evaluated = try Run("percept", ["iscat", "evaluate", "test", "--model", "mine.safetensors", "--plots", "plots", "-o", "page.html", "--json"], in: folder)
      let measures = try evaluated.json(), confusion = try #require(measures["confusion"] as? [String: Int])
      #expect(evaluated.status == 0 && measures["schema"] as? String == "percept.iscat-evaluate/1" && measures["pictures"] as? Int == 10)
      #expect(confusion == ["cats_found": 5, "cats_missed": 0, "others_taken_for_cats": 0, "others_right": 5])
      #expect((measures["accuracy"] as? [String: Double])?["value"] == 1 && (measures["mistakes"] as? [Any])?.isEmpty == true)
      #expect(try contents(of: folder.appendingPathComponent("plots")) == ["confusion.png", "reliability.png"])
    }
  }

  @Test func mistakesAreOnThePage() throws {
    try withFolder { folder in
      try writePictures(folder.appendingPathComponent("set"), count: 8)
      // A network that has learned the other way round is wrong everywhere.
      try FileManager.default.moveItem(at: folder.appendingPathComponent("set/cat"), to: folder.appendingPathComponent("set/swap"))
      try FileManager.default.moveItem(at: folder.appendingPathComponent("set/other"), to: folder.appendingPathComponent("set/cat"))
      #expect(try Run("iscat", ["train", "set", "--dev", "0", "-o", "wrong.safetensors", "--quiet"] + quick, in: folder).status == 0)
      try FileManager.default.moveItem(at: folder.appendingPathComponent("set/cat"), to: folder.appendingPathComponent("set/a & <b>"))
      try FileManager.default.moveItem(at: folder.appendingPathComponent("set/swap"), to: folder.appendingPathComponent("set/cat"))
      let run = try Run("iscat", ["evaluate", "set", "--model", "wrong.safetensors"], in: folder)
      #expect(run.status == 0 && run.output.contains("8 pictures") && run.errors == "wrote iscat-mistakes.html\n")
      let page = try String(contentsOf: folder.appendingPathComponent("iscat-mistakes.html"), encoding: .utf8)
      #expect(page.components(separatedBy: "<figure data-mistake=").count == 9 && page.contains("a &amp; &lt;b&gt;/1.png") && !page.contains("<b>/1.png"))
      #expect(page.components(separatedBy: "data:image/jpeg;base64,").count == 9 && page.contains("const error = 1.0,"))
      #expect(try Run("iscat", ["evaluate", "set", "--model", "wrong.safetensors", "--no-page", "--quiet", "--cat", "a & <b>"], in: folder).output.contains("100.0 %"))
    }
  }

  @Test func anInterruptedTrainingGoesOnToTheSameFile() throws {
    try withFolder { folder in
      try writePictures(folder.appendingPathComponent("set"), count: 16)
      let options = ["train", "set", "--network", "cnn", "--side", "32", "--batch", "4", "--epochs", "300", "--quiet", "--seed", "3"]
      #expect(try Run("iscat", options + ["-o", "whole.safetensors"], in: folder).status == 0)
      let iscat = commandsFolder.appendingPathComponent("iscat").path
      // Whoever runs the tests may ignore the signal, and that is inherited. On a busy machine the first epoch may take longer: before its end there is nothing to go on from.
      func interrupted(after seconds: Double) throws -> ProgramResult {
        let words = ["--default-signal=INT", "timeout", "--preserve-status", "-s", "INT", "\(seconds)", iscat] + options + ["-o", "part.safetensors"]
        return try run("/usr/bin/env", words, in: folder.path)
      }
      var part = try interrupted(after: 1.2), seconds = 1.2
      while part.status == 130, try !contents(of: folder).contains("part.checkpoint.safetensors"), seconds < 60 {
        seconds *= 2
        part = try interrupted(after: seconds)
      }
      #expect(part.status == 130 && part.errors.contains("--resume"), "\(part.status): \(part.errors)")
      #expect(try contents(of: folder) == ["part.checkpoint.safetensors", "set", "whole.safetensors"])
      let other = try Run("iscat", options + ["-o", "part.safetensors", "--resume", "--batch", "5"], in: folder)
      #expect(other.status == 65 && other.errors.contains("part.checkpoint.safetensors") && other.errors.contains("batches of 4"))
      #expect(try Run("iscat", options + ["-o", "part.safetensors", "--resume"], in: folder).status == 0)
      #expect(try contents(of: folder) == ["part.safetensors", "set", "whole.safetensors"])
      func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }
      #expect(try data("part.safetensors") == data("whole.safetensors"))
    }
  }

  @Test func badPicturesAndWrongUsage() throws {
    try withFolder { folder in
      try writePictures(folder.appendingPathComponent("set"))
      try "no picture".write(to: folder.appendingPathComponent("set/cat/bad.png"), atomically: true, encoding: .utf8)
      let run = try Run("iscat", ["train", "set"] + quick, in: folder)
      #expect(run.status == 65 && run.errors.contains("set/cat/bad.png") && run.errors.contains("wrote cats.safetensors"))
      let missing = try Run("iscat", ["train", "nowhere", "--network", "cnn"], in: folder)
      #expect(missing.status == 65 && missing.errors.contains("nowhere"))
      try FileManager.default.moveItem(at: folder.appendingPathComponent("set/cat"), to: folder.appendingPathComponent("set/tabby"))
      let noCat = try Run("iscat", ["train", "set"] + quick, in: folder)
      #expect(noCat.status == 65 && noCat.errors.contains("--cat") && noCat.errors.contains("other, tabby"))
      #expect(try Run("iscat", ["train", "set", "--cat", "tabby", "--dev", "0"] + quick, in: folder).status == 65)
      #expect(try Run("iscat", ["set/tabby/0.png", "--model", "cats.safetensors", "--quiet"], in: folder).status == 0)
      let plain = ["train", "set", "--cat", "tabby", "--network", "logistic", "--side", "16", "--epochs", "2", "-o", "plain.safetensors"]
      #expect(try Run("iscat", plain, in: folder).status == 65)
      let unexplained = try Run("iscat", ["set/other/1.png", "--model", "plain.safetensors", "--explain", "map.png"], in: folder)
      #expect(unexplained.status == 64 && unexplained.output == "" && unexplained.errors.contains("cannot tell where it looked"))
      let absent = try Run("iscat", ["train", "set", "--cat", "tabby"], in: folder, environment: ["PERCEPT_MODELS": folder.path])
      #expect(absent.status == 69 && absent.errors.contains("percept models pull efficientnet-lite0"))
      for arguments in [["--dev", "1"], ["--epochs", "0"], ["--side", "4"], ["--augment", "blur"], ["-o", "x.pth"], ["--plot", "x.gif"], ["--learning-rate", "0"], ["--network", "vgg"]] {
        #expect(try Run("iscat", ["train", "set"] + arguments, in: folder).status == 64, "\(arguments)")
      }
      let diverged = try Run("iscat", ["train", "set", "--cat", "tabby", "--learning-rate", "1e30", "-o", "x.safetensors"] + quick, in: folder)
      #expect(diverged.status == 70 && diverged.errors.contains("diverged in step") && diverged.errors.contains("smaller learning rate"), "\(diverged.errors)")
      #expect(try contents(of: folder).contains("x.safetensors") == false)
      #expect(try Run("iscat", ["evaluate", "set", "--threshold", "2"], in: folder).status == 64)
      #expect(try Run("iscat", ["evaluate", "set", "--model", "none.safetensors"], in: folder).status == 69)
      let help = try Run("iscat", ["train", "--help"], in: folder)
      #expect(help.status == 0 && help.output.contains("finetune") && help.output.contains("--resume"))
    }
  }
}
