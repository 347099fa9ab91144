import Foundation
import Testing

/// `detect evaluate` as a user runs it. That its numbers are COCO's is shown by the tests of Detection.
@Suite struct EvaluateCommandTests {
  private let annotations = """
    {"images": [{"id": 7, "file_name": "dog.jpg", "width": 768, "height": 576}],
     "categories": [{"id": 2, "name": "bicycle"}, {"id": 18, "name": "dog"}],
     "annotations": [{"id": 1, "image_id": 7, "category_id": 18, "bbox": [130, 220, 185, 320], "area": 59200, "iscrowd": 0},
                     {"id": 2, "image_id": 7, "category_id": 2, "bbox": [120, 130, 450, 295], "area": 132750, "iscrowd": 0}]}
    """

  @Test func measuresAFileOfResults() throws {
    try withFolder { folder in
      try annotations.write(to: folder.appendingPathComponent("truth.json"), atomically: true, encoding: .utf8)
      let results = """
        [{"image_id": 7, "category_id": 18, "bbox": [130, 220, 185, 320], "score": 0.9},
         {"image_id": 7, "category_id": 2, "bbox": [300, 130, 450, 295], "score": 0.8}]
        """
      try results.write(to: folder.appendingPathComponent("results.json"), atomically: true, encoding: .utf8)
      let run = try Run("detect", ["evaluate", "--coco", "truth.json", "--results", "results.json", "--json", "--plot", "pr.png"], in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let document = try run.json()
      #expect(document["schema"] as? String == "percept.detect.evaluate/1")
      #expect(document["ap"] as? Double == 0.5 && document["ap50"] as? Double == 0.5 && document["ap_small"] as? Double == -1)
      let classes = try #require(document["classes"] as? [[String: Any]])
      #expect(classes.first { $0["label"] as? String == "dog" }?["ap"] as? Double == 1)
      #expect(try contents(of: folder) == ["pr.png", "results.json", "truth.json"])
      let table = try Run("detect", ["evaluate", "--coco", "truth.json", "--results", "results.json"], in: folder).output
      #expect(table.contains("AP, IoU 0.50 to 0.95") && table.contains("0.500") && table.contains("-1.000"))
    }
  }

  @Test(.enabled(if: isReady, needs)) func runsTheNetworkOnPictures() throws {
    try withFolder { folder in
      try annotations.write(to: folder.appendingPathComponent("truth.json"), atomically: true, encoding: .utf8)
      let run = try Run("detect", ["evaluate", "--coco", "truth.json", "--images", samples!.path, "--json"], in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try #require(try run.json()["ap50"] as? Double) >= 0.5)
    }
  }

  @Test func badFilesAreNamed() throws {
    try withFolder { folder in
      try annotations.write(to: folder.appendingPathComponent("truth.json"), atomically: true, encoding: .utf8)
      try "[{\"image_id\": 99, \"category_id\": 18, \"bbox\": [1, 2, 3, 4], \"score\": 1}]".write(
        to: folder.appendingPathComponent("stranger.json"), atomically: true, encoding: .utf8)
      try "not json".write(to: folder.appendingPathComponent("text.json"), atomically: true, encoding: .utf8)
      for (coco, results, named) in [
        ("missing.json", "stranger.json", "missing.json"), ("text.json", "stranger.json", "text.json"), ("truth.json", "text.json", "text.json"),
        ("truth.json", "stranger.json", "99"),
      ] {
        let run = try Run("detect", ["evaluate", "--coco", coco, "--results", results], in: folder)
        #expect(run.status == 65 && run.errors.contains(named), "\(coco), \(results): \(run.status) \(run.errors)")
      }
    }
  }
}
