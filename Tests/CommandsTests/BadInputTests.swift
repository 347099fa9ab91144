import Foundation
import Media
import TestSupport
import Testing

/// What `detect` does with what it cannot use: a clear message, the exit code of the contract, nothing half written, and the good pictures done.
@Suite(.enabled(if: isReady, needs)) struct BadInputTests {
  private var dog: String { samples!.appendingPathComponent("dog.jpg").path }

  /// Runs `detect` on `bad` and a good picture, and checks all of that.
  private func check(_ bad: URL, _ folder: URL, says words: [String], mayDecode: Bool = false) throws {
    let run = try Run("detect", [bad.path, dog, "--csv"], in: folder)
    let good = run.output.split(separator: "\n").filter { $0.hasPrefix(dog + ",") }
    #expect(good.count == 6, "\(bad.lastPathComponent): the good picture is done")
    let wrote = try contents(of: folder).filter { $0.hasSuffix("-detected.png") || $0.hasSuffix(".part") }
    if run.status == 0 && mayDecode {
      #expect(wrote.count == 2)
    } else {
      #expect(run.status == 65, "\(bad.lastPathComponent): \(run.errors)")
      for word in words { #expect(run.errors.contains(word), "\(bad.lastPathComponent): “\(run.errors)” should say “\(word)”") }
      #expect(wrote == ["dog-detected.png"], "\(bad.lastPathComponent)")
    }
    for name in wrote { try FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }
  }

  @Test func filesThatAreNoPictures() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("x.jpg")
      try Data().write(to: file)
      try check(file, folder, says: ["x.jpg", "empty"])
      try Data("this is a text".utf8).write(to: file)
      try check(file, folder, says: ["x.jpg", "PNG or JPEG"])
      let directory = folder.appendingPathComponent("folder")
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      try check(directory, folder, says: ["folder", "directory"])
      try check(folder.appendingPathComponent("missing.png"), folder, says: ["missing.png", "no such file"])
    }
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything; the codecs' own tests try this as another user"))
  func aFileThatMayNotBeRead() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("secret.jpg")
      try FileManager.default.copyItem(atPath: dog, toPath: file.path)
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: file.path)
      try check(file, folder, says: ["secret.jpg", "permission"])
    }
  }

  @Test func truncatedPictures() throws {
    try withFolder { folder in
      let jpeg = try Data(contentsOf: URL(fileURLWithPath: dog))
      _ = try Run("detect", [dog, "-o", "whole.png"], in: folder)
      let png = try Data(contentsOf: folder.appendingPathComponent("whole.png"))
      for (name, data) in [("cut.jpg", jpeg), ("cut.png", png)] {
        for place in 1...20 {
          let file = folder.appendingPathComponent(name)
          try data.prefix(data.count * place / 21).write(to: file)
          try check(file, folder, says: [name])
        }
      }
    }
  }

  /// All flips in one command: 200 damaged files, of which some still decode.
  @Test func flippedBits() throws {
    try withFolder { folder in
      let jpeg = try Data(contentsOf: URL(fileURLWithPath: dog))
      var names: [String] = []
      for place in 0..<200 {
        var data = jpeg
        data[data.count * place / 200 + place % 7] ^= 1 << UInt8(place % 8)
        names.append("flip\(place).jpg")
        try data.write(to: folder.appendingPathComponent(names[place]))
      }
      let run = try Run("detect", names + [dog, "--jsonl", "--no-image"], in: folder)
      #expect(run.status == 65 || run.status == 0)
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 201, "an answer for every file")
      let failures = lines.count { $0.contains("\"error\"") }
      #expect(run.errors.split(separator: "\n").count == failures)
      #expect(try contents(of: folder).count == 200, "nothing was written")
    }
  }

  @Test func aPictureThatClaimsToBeEnormous() throws {
    try withFolder { folder in
      let bytes: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 1, 134, 160, 0, 1, 134, 160, 8, 2, 0, 0, 0, 0x27, 0x30, 0x9C, 0x9F]
      let file = folder.appendingPathComponent("bomb.png")
      let pixels: [UInt8] = [0, 0, 1, 0, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C]  // the beginning of the chunk with the pixels
      try (Data(bytes + pixels) + Data(repeating: 0, count: 64)).write(to: file)
      try check(file, folder, says: ["bomb.png", "100000×100000", "limit"])
      let low = try Run("detect", [dog, "--max-pixels", "442367"], in: folder), enough = try Run("detect", [dog, "--max-pixels", "442368"], in: folder)
      #expect(low.status == 65 && low.errors.contains("768×576") && enough.status == 0)
    }
  }

  @Test func modelsThatAreMissingOrDamaged() throws {
    try withFolder { folder in
      let absent = try Run("detect", [dog], in: folder, environment: ["PERCEPT_MODELS": folder.appendingPathComponent("none").path])
      #expect(absent.status == 69 && absent.errors.contains("percept models pull yolov3-tiny"), "\(absent.errors)")

      let copy = folder.appendingPathComponent("models/yolov3-tiny")
      try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: tinyModel!.configuration, to: copy.appendingPathComponent("yolov3-tiny.cfg"))
      var weights = try Data(contentsOf: tinyModel!.weights)
      weights[1_000_000] ^= 1
      try weights.write(to: copy.appendingPathComponent("yolov3-tiny.weights"))
      let damaged = try Run("detect", [dog], in: folder, environment: ["PERCEPT_MODELS": folder.appendingPathComponent("models").path])
      #expect(damaged.status == 69 && damaged.errors.contains("yolov3-tiny.weights"), "\(damaged.errors)")

      for length in [0, 3, 19, 20, 1_000, weights.count / 2, weights.count - 1] {
        try weights.prefix(length).write(to: folder.appendingPathComponent("cut.weights"))
        let cut = try Run("detect", [dog, "--model", tinyModel!.configuration.path, "--weights", "cut.weights"], in: folder)
        #expect(cut.status == 69 && cut.errors.contains("cut.weights"), "\(length): \(cut.errors)")
      }
      #expect(try contents(of: folder) == ["cut.weights", "models"])
    }
  }

  @Test(arguments: [
    [], ["--threshold", "2", "a.jpg"], ["--iou", "-1", "a.jpg"], ["--max", "0", "a.jpg"], ["--threads", "0", "a.jpg"], ["--json", "--csv", "a.jpg"],
    ["a.jpg", "-o", "out.gif"], ["a.jpg", "b.jpg", "-o", "out.png"], ["--model", "x.cfg", "a.jpg"], ["--weights", "x.weights", "a.jpg"],
    ["--resize", "crop", "a.jpg"], ["--no-such-option", "a.jpg"], ["evaluate"], ["evaluate", "--coco", "a.json"], ["--model", "no-such-model", "a.jpg"],
    ["a.jpg", "--classes", "dgo"],
  ])
  func wrongUsage(_ arguments: [String]) throws {
    try withFolder { folder in
      let run = try Run("detect", arguments, in: folder)
      #expect(run.status == 64, "\(arguments): \(run.status) \(run.errors)")
      #expect(run.output == "" && !run.errors.isEmpty)
      #expect(try contents(of: folder) == [])
    }
  }

  @Test func outputsThatCannotBeWritten() throws {
    try withFolder { folder in
      for arguments in [["-o", "/nowhere/x.png"], ["--no-image", "--coco", "/nowhere/x.json"], ["--no-image", "--csv", "--crops", "/proc/nowhere"]] {
        let run = try Run("detect", [dog] + arguments, in: folder)
        #expect(run.status == 70 && run.errors.contains("nowhere"), "\(arguments): \(run.status) \(run.errors)")
        if !arguments.contains("--crops") { #expect(run.output.contains("bicycle"), "what was found is told all the same") }
      }
      let full = try run("/bin/sh", ["-c", "'\(commandsFolder.path)/detect' '\(dog)' --json --no-image > /dev/full"])
      #expect(full.status == 70 && full.errors.contains("standard output"))
      let gone = try run("/bin/bash", ["-c", "'\(commandsFolder.path)/detect' '\(dog)' '\(dog)' -o '\(folder.path)/' | true; exit ${PIPESTATUS[0]}"])
      #expect(gone.status == 0, "a reader that goes away ends nothing")
      #expect(try contents(of: folder) == ["dog-2-detected.png", "dog-detected.png"])
    }
  }

  /// Sizes that a canvas cannot hold, or letters cannot be read on.
  @Test func picturesOfExtremeShapes() throws {
    try withFolder { folder in
      for (width, height) in [(1, 1), (1, 5_000), (40_000, 2)] {
        let file = folder.appendingPathComponent("\(width)x\(height).png")
        try saveImage(Image(width: width, height: height, filledWith: (120, 90, 60)), to: file.path)
        let run = try Run("detect", [file.lastPathComponent], in: folder)
        #expect(run.status == 0 && run.output.contains("\(width)×\(height)"), "\(run.errors)")
        #expect(try contents(of: folder).contains("\(width)x\(height)-detected.png"))
      }
    }
  }

  /// Confidences from raw numbers of a network without a sigmoid, and more channels than a picture has.
  @Test func networksOfRandomNumbers() throws {
    try withFolder { folder in
      let configuration = """
        [net]
        width=16
        height=16
        channels=3
        [connected]
        output=12
        activation=linear
        [detection]
        classes=1
        coords=4
        side=1
        num=1
        """
      // 12 outputs do not fit side² · (classes + boxes · 5) = 6: an error; 6 do.
      try configuration.write(to: folder.appendingPathComponent("bad.cfg"), atomically: true, encoding: .utf8)
      try configuration.replacingOccurrences(of: "output=12", with: "output=6").write(
        to: folder.appendingPathComponent("good.cfg"), atomically: true, encoding: .utf8)
      var weights = Data()
      for word in [Int32(0), 2, 0] { withUnsafeBytes(of: word) { weights.append(contentsOf: $0) } }
      withUnsafeBytes(of: UInt64(0)) { weights.append(contentsOf: $0) }
      for value in [Float](repeating: 1e6, count: 6) + [Float](repeating: 3, count: 6 * 768) { withUnsafeBytes(of: value) { weights.append(contentsOf: $0) } }
      try weights.write(to: folder.appendingPathComponent("x.weights"))
      let huge = try Run("detect", [dog, "--model", "good.cfg", "--weights", "x.weights"], in: folder)
      #expect(huge.status == 0 && huge.output.contains("100 %"), "\(huge.status) \(huge.errors)")
      #expect(try Run("detect", [dog, "--model", "bad.cfg", "--weights", "x.weights"], in: folder).status == 69)
      try configuration.replacingOccurrences(of: "channels=3", with: "channels=4").replacingOccurrences(of: "output=12", with: "output=6").write(
        to: folder.appendingPathComponent("four.cfg"), atomically: true, encoding: .utf8)
      let four = try Run("detect", [dog, "--model", "four.cfg", "--weights", "x.weights"], in: folder)
      #expect(four.status == 69, "\(four.errors)")
    }
  }

  @Test func helpAndVersion() throws {
    try withFolder { folder in
      let help = try Run("detect", ["--help"], in: folder)
      #expect(help.status == 0 && help.output.contains("detect dog.jpg") && help.output.contains("--threshold"))
      #expect(try Run("detect", ["--version"], in: folder).output.hasPrefix("percept "))
      #expect(try Run("percept", ["--help"], in: folder).output.contains("models"))
      #expect(try Run("percept", ["models", "--help"], in: folder).output.contains("pull"))
      #expect(try Run("percept", ["detect", "evaluate", "--help"], in: folder).output.contains("--results"))
    }
  }
}
