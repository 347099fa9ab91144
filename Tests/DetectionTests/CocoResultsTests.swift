import Detection
import Testing

@Suite struct CocoResultsTests {
  @Test func whatIsWrittenIsReadBack() throws {
    let results = CocoResults([
      CocoResult(pictureIdentifier: 42, categoryIdentifier: 18, box: Box(x: 258.125, y: -41.5, width: 348, height: 243.78), score: 0.2361),
      CocoResult(pictureIdentifier: 1, categoryIdentifier: 90, box: Box(x: 0, y: 0, width: 1e-3, height: 12345), score: 1.5e-9),
    ])
    let json = results.json
    #expect(json.hasPrefix("[\n{\"image_id\":42,\"category_id\":18,\"bbox\":[258.125,-41.5,348.0,243.78],\"score\":0.2361},\n"))
    #expect(try CocoResults(json: Array(json.utf8), file: "r.json") == results)
    #expect(try CocoResults(json: Array(CocoResults([]).json.utf8), file: "r.json").results.isEmpty)
  }

  @Test(arguments: [
    ("{}", "the document is an object, expected a list"),
    (#"[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}]"#, "[0] has no \"score\""),
    (#"[{"image_id": 1.5, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 1}]"#, "[0].image_id is 1.5, expected a whole number"),
    (#"[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": NaN}]"#, "[0].score"),
    (#"[{"image_id": 1, "category_id": 1, "segmentation": {}, "score": 1}]"#, "[0] has no \"bbox\""),
  ])
  func brokenFilesAreErrorsThatNameThePlace(text: String, problem: String) {
    let error = #expect(throws: DetectionError.self) { try CocoResults(json: Array(text.utf8), file: "r.json") }
    let message = error?.description ?? ""
    #expect(message.hasPrefix("r.json: ") && message.contains(problem), "\(message)")
  }
}
