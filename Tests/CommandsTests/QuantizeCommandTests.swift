import Foundation
import Testing

/// `percept quantize`, and `detect` with what it writes: yolov3-tiny on Darknet's six sample pictures.
@Suite(.enabled(if: isReady, needs)) struct QuantizeCommandTests {
  private static let names = ["dog", "eagle", "giraffe", "horses", "kite", "person"].map { "\($0).jpg" }

  /// A folder that holds the six pictures in `pictures/`, and what is no picture besides.
  private func withPictures(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      let pictures = folder.appendingPathComponent("pictures")
      try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
      for name in Self.names {
        try FileManager.default.copyItem(at: samples!.appendingPathComponent(name), to: pictures.appendingPathComponent(name))
      }
      try Data("notes".utf8).write(to: pictures.appendingPathComponent("notes.txt"))
      try body(folder)
    }
  }

  private func found(_ folder: URL, _ options: [String]) throws -> [[(label: String, confidence: Double, box: [Double])]] {
    let run = try Run("detect", Self.names.map { "pictures/\($0)" } + ["--json", "--no-image"] + options, in: folder)
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    return try (try #require(run.json()["results"] as? [[String: Any]])).map { result in
      try (try #require(result["detections"] as? [[String: Any]])).map {
        (try #require($0["label"] as? String), try #require($0["confidence"] as? Double), try #require($0["box"] as? [Double]))
      }
    }
  }

  /// How many detections of `expected` are in `found` with boxes of this IoU and confidences that differ by no more than this.
  private func agreeing(
    _ expected: [[(label: String, confidence: Double, box: [Double])]], _ found: [[(label: String, confidence: Double, box: [Double])]],
    overlap: Double, confidence: Double
  ) -> Int {
    zip(expected, found).reduce(0) { count, pair in
      count + pair.0.count { wanted in
        pair.1.contains {
          $0.label == wanted.label && abs($0.confidence - wanted.confidence) <= confidence && intersectionOverUnion($0.box, wanted.box) >= overlap
        }
      }
    }
  }

  private func intersectionOverUnion(_ a: [Double], _ b: [Double]) -> Double {
    let width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]), height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    guard width > 0, height > 0 else { return 0 }
    return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)
  }

  @Test func smallNumbersFindWhatFloatsFind() throws {
    try withPictures { folder in
      let quantize = try Run("percept", ["quantize", "yolov3-tiny", "--images", "pictures", "-o", "x.json", "--json"], in: folder)
      #expect(quantize.status == 0 && quantize.errors == "wrote x.json\n", "\(quantize.errors)")
      let report = try quantize.json()
      #expect(report["schema"] as? String == "percept.quantize.report/1" && report["pictures"] as? Int == 6)
      let expected = try found(folder, [])
      let count = expected.reduce(0) { $0 + $1.count }
      #expect(count > 10 && report["expected"] as? Int == count)

      let halves = try found(folder, ["--precision", "bf16"])
      let clear = expected.map { $0.filter { $0.confidence >= 0.26 } }  // one of 0.252 may fall below the threshold
      #expect(agreeing(clear, halves, overlap: 0.99, confidence: 0.005) == clear.reduce(0) { $0 + $1.count })
      #expect(abs(halves.reduce(0) { $0 + $1.count } - count) <= 1)

      let bytes = try found(folder, ["--precision", "int8", "--calibration", "x.json"])
      #expect(abs(bytes.reduce(0) { $0 + $1.count } - count) <= 3)
      #expect(agreeing(expected, bytes, overlap: 0.5, confidence: 0.1) >= count - 2)
      let matched = try #require(report["matched"] as? Int)
      #expect(matched >= count - 2 && report["found"] as? Int == bytes.reduce(0) { $0 + $1.count })
    }
  }

  @Test func theDefaultLiesBesideTheWeights() throws {
    try withPictures { folder in
      let model = try #require(tinyModel), weights = folder.appendingPathComponent("tiny.weights")
      try FileManager.default.createSymbolicLink(at: weights, withDestinationURL: model.weights)
      let network = ["--weights", "tiny.weights"]
      let detect = ["pictures/dog.jpg", "--no-image", "--precision", "int8", "--model", model.configuration.path] + network
      let without = try Run("detect", detect, in: folder)
      #expect(without.status == 69 && without.errors.contains("tiny.int8.json") && without.errors.contains("percept quantize"), "\(without.errors)")
      let quantize = try Run("percept", ["quantize", model.configuration.path] + network + ["--images", "pictures/", "--quiet"], in: folder)
      #expect(quantize.status == 0 && quantize.errors == "" && quantize.output.contains("detections in int8"), "\(quantize.errors)")
      let with = try Run("detect", detect, in: folder)
      #expect(with.status == 0 && with.output.contains("dog"), "\(with.errors)")

      // The same file for another network.
      let file = folder.appendingPathComponent("tiny.int8.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      try text.replacing(#/"fingerprint": "[0-9a-f]+"/#, with: "\"fingerprint\": \"0123456789abcdef\"")
        .write(to: file, atomically: true, encoding: .utf8)
      let other = try Run("detect", detect, in: folder)
      #expect(other.status == 69 && other.errors.contains("other weights"), "\(other.errors)")
      try "{".write(to: file, atomically: true, encoding: .utf8)
      let broken = try Run("detect", detect, in: folder)
      #expect(broken.status == 69 && broken.errors.contains("tiny.int8.json"), "\(broken.errors)")
    }
  }

  @Test func picturesThatCannotBeReadAreLeftOut() throws {
    try withPictures { folder in
      try Data("no picture".utf8).write(to: folder.appendingPathComponent("pictures/broken.png"))
      let run = try Run("percept", ["quantize", "yolov3-tiny", "--images", "pictures", "-o", "x.json", "--json"], in: folder)
      #expect(run.status == 65 && run.errors.contains("broken.png"))
      #expect(try run.json()["pictures"] as? Int == 6)
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("x.json").path))
    }
  }

  @Test func wrongUsage() throws {
    try withFolder { folder in
      func check(_ arguments: [String], _ status: Int32, _ word: String) throws {
        let run = try Run("percept", ["quantize"] + arguments, in: folder)
        #expect(run.status == status && run.errors.contains(word), "\(arguments): \(run.status) \(run.errors)")
      }
      try check(["yolov3-tiny"], 64, "--images")
      try check(["yolov3-tiny", "--images", "."], 64, "no file whose name ends in")
      try check(["yolov3-tiny", "--images", "nowhere"], 65, "nowhere")
      try check(["x.cfg", "--images", "."], 64, "--weights")
      try check(["yolov3-tiny", "--weights", "x", "--images", "."], 64, "cfg")
      try Data("no picture".utf8).write(to: folder.appendingPathComponent("a.jpg"))
      try check(["yolov3-tiny", "--images", ".", "-o", "x.json"], 65, "a.jpg")
      try check(["nothing", "--images", "."], 64, "percept models list")
      #expect(try contents(of: folder) == ["a.jpg"])
      let detect = try Run("detect", ["a.jpg", "--precision", "float16"], in: folder)
      #expect(detect.status == 64 && detect.errors.contains("bf16"))
      #expect(try Run("detect", ["a.jpg", "--calibration", "x.json"], in: folder).status == 64)
    }
  }
}
