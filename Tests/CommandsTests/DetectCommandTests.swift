import Foundation
import Testing

/// `detect` on real pictures with the real network.
@Suite(.enabled(if: isReady, needs)) struct DetectCommandTests {
  private struct Expected: Decodable {
    struct Picture: Decodable {
      let width, height: Int
      let detections: [Found]
    }
    struct Found: Decodable {
      let label: String
      let confidence: Double
      let box: [Double]
    }
    let images: [String: Picture]
  }

  private func sample(_ name: String) -> String { samples!.appendingPathComponent(name).path }

  /// IoU ≥ 0.9, confidence within 0.03, every one of 0.3 or more found, nothing of 0.35 or more besides.
  @Test func findsWhatTheReferenceFinds() throws {
    let fixture = packageRoot.appendingPathComponent("Tests/CommandsTests/Fixtures/yolov3-tiny-detections.json")
    let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: fixture)).images
    #expect(expected.count == 6)
    try withFolder { folder in
      let names = expected.keys.sorted()
      let run = try Run("detect", names.map(sample) + ["--json", "--no-image", "--threshold", "0.1"], in: folder)
      #expect(run.status == 0 && run.errors == "")
      let document = try run.json()
      #expect(document["schema"] as? String == "percept.detect/1")
      let results = try #require(document["results"] as? [[String: Any]])
      for (name, result) in zip(names, results) {
        let picture = try #require(expected[name])
        #expect(result["width"] as? Int == picture.width && result["height"] as? Int == picture.height && result["model"] as? String == "yolov3-tiny")
        let found = try (try #require(result["detections"] as? [[String: Any]])).map {
          (label: try #require($0["label"] as? String), confidence: try #require($0["confidence"] as? Double), box: try #require($0["box"] as? [Double]))
        }
        for wanted in picture.detections where wanted.confidence >= 0.3 {
          let match = found.contains {
            $0.label == wanted.label && overlap($0.box, wanted.box) >= 0.9 && abs($0.confidence - wanted.confidence) <= 0.03
          }
          #expect(match, "\(name): \(wanted) among \(found)")
        }
        for detection in found where detection.confidence >= 0.35 {
          let match = picture.detections.contains { $0.label == detection.label && overlap($0.box, detection.box) >= 0.9 }
          #expect(match, "\(name): \(detection) is not in the reference")
        }
      }
    }
  }

  private func overlap(_ a: [Double], _ b: [Double]) -> Double {
    let width = max(0, min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])), height = max(0, min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]))
    return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)
  }

  @Test func printsATableAndDrawsThePicture() throws {
    try withFolder { folder in
      let run = try Run("detect", [sample("dog.jpg")], in: folder)
      #expect(run.status == 0)
      let lines = run.output.split(separator: "\n")
      #expect(lines.first?.contains("dog.jpg: 768×576, 6 objects, ") == true)
      #expect(lines.contains { $0.hasPrefix("  bicycle  ") && $0.contains("%  at 205, 153, size ") })
      #expect(run.errors == "wrote dog-detected.png\n")
      #expect(try contents(of: folder) == ["dog-detected.png"])
      let header = [UInt8](try Data(contentsOf: folder.appendingPathComponent("dog-detected.png")).prefix(24))
      #expect(Array(header[0..<8]) == [137, 80, 78, 71, 13, 10, 26, 10] && header[18...19] == [3, 0] && header[22...23] == [2, 64], "768×576")
    }
  }

  @Test func outputsGoWhereTheyAreSent() throws {
    try withFolder { folder in
      #expect(try Run("detect", [sample("dog.jpg"), "-o", "out.jpg", "--quiet"], in: folder).errors == "")
      #expect(try contents(of: folder) == ["out.jpg"])
      #expect(try [UInt8](Data(contentsOf: folder.appendingPathComponent("out.jpg")).prefix(2)) == [0xFF, 0xD8])
      _ = try Run("detect", [sample("dog.jpg"), "-o", "new/"], in: folder)
      #expect(try contents(of: folder.appendingPathComponent("new")) == ["dog-detected.png"])
      // Two pictures of one name do not overwrite each other.
      let again = folder.appendingPathComponent("copy")
      try FileManager.default.createDirectory(at: again, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: sample("dog.jpg"), toPath: again.appendingPathComponent("dog.jpg").path)
      #expect(try Run("detect", [sample("dog.jpg"), "copy/dog.jpg", "-o", "both"], in: folder).status == 0)
      #expect(try contents(of: folder.appendingPathComponent("both")) == ["dog-2-detected.png", "dog-detected.png"])
    }
  }

  @Test func writesEveryKindOfData() throws {
    try withFolder { folder in
      let run = try Run(
        "detect",
        [sample("dog.jpg"), sample("person.jpg"), "--no-image", "--csv", "--crops", "crops", "--yolo-txt", "labels", "--coco", "results.json"], in: folder)
      #expect(run.status == 0)
      let lines = run.output.split(separator: "\n")
      #expect(lines.first == "file,label,class,confidence,x,y,width,height" && lines.count == 1 + 6 + 5)
      #expect(lines.contains { $0.hasPrefix("\(sample("dog.jpg")),bicycle,1,0.") })
      #expect(try contents(of: folder.appendingPathComponent("crops")).filter { $0.hasPrefix("dog-") }.count == 6)
      #expect(try contents(of: folder.appendingPathComponent("crops")).contains { $0.hasPrefix("person-") && $0.hasSuffix("-horse.png") })
      let labels = try String(contentsOf: folder.appendingPathComponent("labels/dog.txt"), encoding: .utf8).split(separator: "\n")
      #expect(labels.count == 6)
      for label in labels {
        let numbers = label.split(separator: " ").compactMap { Double($0) }
        #expect(numbers.count == 5 && numbers[1...].allSatisfy { (0...1).contains($0) }, "\(label)")
      }
      let results = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent("results.json"))) as? [[String: Any]]
      #expect(results?.count == 11)
      #expect(results?.contains { $0["category_id"] as? Int == 18 && $0["image_id"] as? Int == 1 } == true, "the dog is COCO's category 18")
    }
  }

  @Test func linesOfJSONComeOneAPicture() throws {
    try withFolder { folder in
      let run = try Run("detect", [sample("dog.jpg"), "missing.jpg", sample("eagle.jpg"), "--jsonl", "--no-image"], in: folder)
      #expect(run.status == 65)
      let lines = try run.output.split(separator: "\n").map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
      #expect(lines.count == 3 && lines.allSatisfy { $0["schema"] as? String == "percept.detect/1" })
      #expect(lines[1]["file"] as? String == "missing.jpg" && lines[1]["error"] != nil)
      let times = try #require(lines[2]["milliseconds"] as? [String: Double])
      #expect(Set(times.keys) == ["decode", "network", "total"] && times.values.allSatisfy { $0 > 0 })
    }
  }

  @Test func optionsChangeWhatIsFound() throws {
    try withFolder { folder in
      func found(_ options: String...) throws -> [[String: Any]] {
        let run = try Run("detect", [sample("dog.jpg"), "--json", "--no-image"] + options, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        return try #require((try run.json()["results"] as? [[String: Any]])?.first?["detections"] as? [[String: Any]])
      }
      let all = try found()
      #expect(try found("--threshold", "0.56").count < all.count)
      #expect(try found("--classes", "dog").compactMap { $0["label"] as? String } == ["dog"])
      #expect(try found("--classes", "truck, motorcycle").allSatisfy { $0["label"] as? String == "truck" })
      #expect(try found("--max", "2").count == 2)
      #expect(try found("--class-agnostic").count < all.count)
      #expect(try found("--iou", "1").count >= all.count)
      let stretched = try found("--resize", "stretch")
      #expect(stretched.first?["box"] as? [Double] != all.first?["box"] as? [Double])
      for threads in ["1", "3"] {
        let same = try found("--threads", threads)
        #expect(same.map { $0["box"] as? [Double] } == all.map { $0["box"] as? [Double] })
        #expect(same.map { $0["confidence"] as? Double } == all.map { $0["confidence"] as? Double })
      }
    }
  }

  @Test func readsStandardInputAndCustomNetworks() throws {
    try withFolder { folder in
      let picture = try Data(contentsOf: URL(fileURLWithPath: sample("dog.jpg")))
      let piped = try Run("percept", ["detect", "-", "--csv"], in: folder, input: picture)
      #expect(piped.status == 0 && piped.output.contains("-,dog,16,0."))
      #expect(try contents(of: folder) == ["stdin-detected.png"])
      let names = (0..<80).map { "thing \($0)" }.joined(separator: "\n")
      try names.write(to: folder.appendingPathComponent("x.names"), atomically: true, encoding: .utf8)
      let custom = try Run(
        "detect",
        [sample("dog.jpg"), "--no-image", "--model", tinyModel!.configuration.path, "--weights", tinyModel!.weights.path, "--names", "x.names"],
        in: folder)
      #expect(custom.status == 0 && custom.output.contains("  thing 16"), "\(custom.errors)")
    }
  }

  /// Many pictures are done with other kernels than a few: IoU ≥ 0.99, confidence within 0.005.
  @Test func manyPicturesFindWhatEachAloneFinds() throws {
    try withFolder { folder in
      let names = ["dog.jpg", "person.jpg", "horses.jpg", "kite.jpg", "eagle.jpg", "giraffe.jpg"].map(sample)
      func found(_ pictures: [String]) throws -> [[[String: Any]]] {
        let run = try Run("detect", pictures + ["--json", "--no-image"], in: folder)
        return try (try #require(try run.json()["results"] as? [[String: Any]])).map { try #require($0["detections"] as? [[String: Any]]) }
      }
      let together = try found(names), alone = try names.flatMap { try found([$0]) }
      #expect(together.count == 6)
      for (a, b) in zip(together, alone) {
        #expect(a.count == b.count)
        for (left, right) in zip(a, b) {
          #expect(left["label"] as? String == right["label"] as? String)
          let boxes = try (#require(left["box"] as? [Double]), #require(right["box"] as? [Double]))
          let confidences = try (#require(left["confidence"] as? Double), #require(right["confidence"] as? Double))
          #expect(overlap(boxes.0, boxes.1) >= 0.99 && abs(confidences.0 - confidences.1) <= 0.005, "\(left) and \(right)")
        }
      }
    }
  }

  @Test func everyInstructionSetFindsTheSame() throws {
    try withFolder { folder in
      let best = try Run("detect", [sample("person.jpg"), "--csv", "--no-image"], in: folder).output.split(separator: "\n").dropFirst()
      let baseline = try Run("detect", [sample("person.jpg"), "--csv", "--no-image"], in: folder, environment: ["PERCEPT_ISA": "baseline"])
      #expect(try Run("detect", ["--version"], in: folder, environment: ["PERCEPT_ISA": "baseline"]).output.hasSuffix("(baseline)\n"))
      for (a, b) in zip(best, baseline.output.split(separator: "\n").dropFirst()) {
        let left = a.split(separator: ","), right = b.split(separator: ",")
        #expect(left[1] == right[1])
        for column in 3...7 { #expect(abs(Double(left[column])! - Double(right[column])!) < 0.05, "\(a) and \(b)") }
      }
    }
  }
}
