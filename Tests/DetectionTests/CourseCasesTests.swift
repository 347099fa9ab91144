import Detection
import Files
import TestSupport
import Testing

/// The course's YOLO exercise: literal inputs and outputs in the reference material.
@Suite(.enabled(if: hasShared, "needs ../shared")) struct CourseCasesTests {
  static let cases: [String: JSON] = {
    guard hasShared, let document: JSON = try? readJSON("\(sharedFolder)/reference/course-cases.json") else { return [:] }
    return Dictionary(document["cases"].list.map { ($0["id"].text, $0) }, uniquingKeysWith: { first, _ in first })
  }()

  /// The numbers of an input, literal or in a NumPy file beside.
  func numbers(_ value: JSON) throws -> [Double] {
    guard case .text(let path) = value["$npy"] else { return value.numbers }
    return try readNumPyFloats("\(sharedFolder)/reference/\(path)").map { Double($0) }
  }

  func boxes(_ values: [Double]) -> [Box] {
    stride(from: 0, to: values.count, by: 4).map { Box(corner: (values[$0], values[$0 + 1]), corner: (values[$0 + 2], values[$0 + 3])) }
  }

  func expectClose(_ found: [Box], _ expected: [Box], _ tolerance: Double = 1e-5) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) {
      for (x, y) in [(a.x, b.x), (a.y, b.y), (a.right, b.right), (a.bottom, b.bottom)] { #expect(abs(x - y) < tolerance * max(abs(y), 1)) }
    }
  }

  @Test(arguments: 1...4) func intersectionOverUnion(_ number: Int) throws {
    let reference = try #require(Self.cases["c4w3_iou_\(number)"])
    let a = boxes(reference["inputs"]["box1"].numbers)[0], b = boxes(reference["inputs"]["box2"].numbers)[0]
    #expect(abs(a.intersectionOverUnion(b) - reference["expected"]["iou"].number) < 1e-8)
  }

  @Test(arguments: ["c4w3_yolo_filter_boxes", "c4w3_yolo_filter_boxes_3x3"]) func filterBoxes(_ name: String) throws {
    let reference = try #require(Self.cases[name])
    let inputs = reference["inputs"], expected = reference["expected"]
    let found = bestClassCandidates(
      confidences: try numbers(inputs["box_confidence"]).map { Float($0) }, boxes: boxes(try numbers(inputs["boxes"])),
      probabilities: try numbers(inputs["box_class_probs"]).map { Float($0) }, threshold: Float(inputs["threshold"].number))
    #expect(found.count == Int(expected["count"].number))
    #expect(found.map(\.classIndex) == expected["classes"].numbers.map { Int($0) })
    for (a, b) in zip(found.map(\.confidence), expected["scores"].numbers) { #expect(abs(Double(a) - b) < 1e-5 * max(abs(b), 1)) }
    expectClose(found.map(\.box), boxes(try numbers(expected["boxes"])))
  }

  @Test func nonMaximumSuppression() throws {
    let reference = try #require(Self.cases["c4w3_yolo_non_max_suppression"])
    let inputs = reference["inputs"], scores = inputs["scores"].numbers, boxes = boxes(inputs["boxes"].numbers)
    let candidates = zip(scores, boxes).map { Candidate(classIndex: 0, confidence: Float($0), box: $1) }
    let kept = NonMaximumSuppression(threshold: inputs["iou_threshold"].number, perClass: false, maximum: Int(inputs["max_boxes"].number))
      .indices(candidates)
    #expect(kept == reference["expected"]["indices"].numbers.map { Int($0) })
  }

  @Test func wholeEvaluation() throws {
    let reference = try #require(Self.cases["c4w3_yolo_eval"])
    let inputs = reference["inputs"], expected = reference["expected"]
    let centers = try numbers(inputs["box_xy"]), sizes = try numbers(inputs["box_wh"])
    let shape = inputs["image_shape"].numbers
    let boxes = (0..<centers.count / 2).map { index in
      let (x, y, width, height) = (centers[2 * index], centers[2 * index + 1], sizes[2 * index], sizes[2 * index + 1])
      return Box(corner: (x - width / 2, y - height / 2), corner: (x + width / 2, y + height / 2)).scaled(x: shape[1], y: shape[0])
    }
    let candidates = bestClassCandidates(
      confidences: try numbers(inputs["box_confidence"]).map { Float($0) }, boxes: boxes,
      probabilities: try numbers(inputs["box_class_probs"]).map { Float($0) }, threshold: Float(inputs["score_threshold"].number))
    let found = NonMaximumSuppression(threshold: inputs["iou_threshold"].number, perClass: false, maximum: Int(inputs["max_boxes"].number))(
      candidates)
    #expect(found.map(\.classIndex) == expected["classes"].numbers.map { Int($0) })
    for (a, b) in zip(found.map(\.confidence), expected["scores"].numbers) { #expect(abs(Double(a) - b) < 1e-5 * abs(b)) }
    let corners = expected["boxes"].list.map(\.numbers).map { Box(corner: ($0[1], $0[0]), corner: ($0[3], $0[2])) }  // y first
    expectClose(found.map(\.box), corners, 1e-4)
  }

  @Test func labelsAreThoseOfTheSampleData() throws {
    let text = String(decoding: try readFile("\(sharedFolder)/data/detection/coco_classes.txt"), as: UTF8.self)
    #expect(text.split(separator: "\n").map(String.init) == CocoLabels.names)
  }
}
