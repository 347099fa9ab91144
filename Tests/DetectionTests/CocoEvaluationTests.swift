import Detection
import Tensors
import TestSupport
import Testing

@Suite struct CocoEvaluationTests {
  @Test(arguments: ["plain", "crowds", "ties", "small-objects", "sparse", "many-results"])
  func agreesWithPycocotools(_ name: String) throws {
    let folder = "\(testFolder)/Fixtures/coco-\(name)"
    let evaluation = try CocoEvaluation(
      CocoResults(path: "\(folder)/results.json"), against: CocoDataset(path: "\(folder)/annotations.json"), file: "results.json")
    let expected: JSON = try readJSON("\(folder)/expected.json")
    for (name, value) in evaluation.metrics.named { #expect(abs(value - expected[name].number) < 1e-7, "\(name)") }
    #expect(evaluation.classes.map(\.category.identifier) == expected["classes"].list.map { Int($0["id"].number) })
    for (found, wanted) in zip(evaluation.classes, expected["classes"].list) {
      #expect(abs(found.ap - wanted["ap"].number) < 1e-7 && abs(found.ap50 - wanted["ap50"].number) < 1e-7)
      #expect((found.curve50 == nil) == (found.ap50 == -1))
    }
    for (curve, name) in [(evaluation.curve50, "curve50"), (evaluation.curve75, "curve75")] {
      #expect(curve?.precisions.count == 101)
      for (a, b) in zip(curve?.precisions ?? [], expected[name].numbers) { #expect(abs(a - b) < 1e-5) }
    }
  }

  func dataset(_ annotations: [CocoDataset.Annotation]) -> CocoDataset {
    CocoDataset(
      pictures: [.init(identifier: 1, fileName: "a"), .init(identifier: 2, fileName: "b")], categories: [.init(identifier: 5, name: "thing")],
      annotations: annotations)
  }

  @Test func annotationsAsResultsAreRight() throws {
    let boxes = (0..<8).map { Box(x: Double(40 * $0), y: 3, width: 20 + Double($0), height: 60) }
    let annotations = boxes.map { CocoDataset.Annotation(pictureIdentifier: 2, categoryIdentifier: 5, box: $0) }
    let results = boxes.map { CocoResult(pictureIdentifier: 2, categoryIdentifier: 5, box: $0, score: 0.5) }
    let metrics = try CocoEvaluation(CocoResults(results), against: dataset(annotations), file: "r").metrics
    #expect(metrics.ap == 1 && metrics.ap75 == 1 && metrics.ar10 == 1)
    #expect(abs(metrics.ar1 - 0.125) < 1e-12)
    #expect(metrics.apSmall == -1 && metrics.arLarge == -1 && metrics.apMedium == 1)
  }

  @Test func nothingToMeasureIsMinusOneAndNothingFoundIsZero() throws {
    let empty = try CocoEvaluation(CocoResults([]), against: dataset([]), file: "r")
    for (name, value) in empty.metrics.named { #expect(value == -1, "\(name)") }
    #expect(empty.curve50 == nil && empty.classes[0].curve75 == nil)
    let annotation = CocoDataset.Annotation(pictureIdentifier: 1, categoryIdentifier: 5, box: Box(x: 0, y: 0, width: 50, height: 50))
    let missed = try CocoEvaluation(CocoResults([]), against: dataset([annotation]), file: "r").metrics
    #expect(missed.ap == 0 && missed.ar100 == 0 && missed.apMedium == 0 && missed.apLarge == -1)
  }

  @Test func resultsOfUnknownPicturesAreAnErrorAndOfUnknownCategoriesAreNot() throws {
    let box = Box(x: 0, y: 0, width: 50, height: 50)
    let annotations = [CocoDataset.Annotation(pictureIdentifier: 1, categoryIdentifier: 5, box: box)]
    let right = CocoResult(pictureIdentifier: 1, categoryIdentifier: 5, box: box, score: 0.5)
    var strange = right
    strange.categoryIdentifier = 6
    #expect(try CocoEvaluation(CocoResults([right, strange]), against: dataset(annotations), file: "r").metrics.ap == 1)
    strange.pictureIdentifier = 99
    let error = #expect(throws: DetectionError.self) {
      try CocoEvaluation(CocoResults([right, strange]), against: dataset(annotations), file: "r.json")
    }
    #expect(error?.description.hasPrefix("r.json: [1].image_id is 99") == true)
  }

  /// As large as COCO's validation set: 5,000 pictures, 80 classes, 36,000 annotations, 100 results a picture. Prints what it measures.
  @Test func isQuick() throws {
    var random = RandomNumbers(seed: 3)
    func box() -> Box {
      Box(
        x: Double(random.uniform(in: 0..<500)), y: Double(random.uniform(in: 0..<400)), width: Double(random.uniform(in: 5..<200)),
        height: Double(random.uniform(in: 5..<200)))
    }
    let dataset = CocoDataset(
      pictures: (1...5000).map { .init(identifier: $0, fileName: "") }, categories: (1...80).map { .init(identifier: $0, name: "\($0)") },
      annotations: (0..<36_000).map { _ in
        .init(pictureIdentifier: Int(random.uniform(in: 1..<5001)), categoryIdentifier: Int(random.uniform(in: 1..<81)), box: box())
      })
    let results = CocoResults(
      (0..<500_000).map {
        CocoResult(
          pictureIdentifier: $0 / 100 + 1, categoryIdentifier: Int(random.uniform(in: 1..<81)), box: box(), score: Double(random.uniform()))
      })
    let json = Array(results.json.utf8)
    let reading = try ContinuousClock().measure { _ = try CocoResults(json: json, file: "r.json") }
    let counting = try ContinuousClock().measure { _ = try CocoEvaluation(results, against: dataset, file: "r.json") }
    print("COCO metrics of 500,000 results: \(counting), reading them: \(reading)")
    #expect(counting < .seconds(30))
  }
}
