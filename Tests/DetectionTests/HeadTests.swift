import Detection
import Tensors
import TestSupport
import Testing

/// The heads against candidates that Fixtures/make_head_fixtures.py worked out cell by cell.
@Suite struct HeadTests {
  func raw(_ classes: Int) -> Tensor {
    let shape: Shape = [1, 2 * (5 + classes), 4, 3]
    return Tensor(shape, noise(shape).elements.map { 10 * $0 - 5 })
  }

  func expect(_ found: [Candidate], equal name: String) throws {
    let expected = try fixture("heads.json", as: JSON.self)[name].list.map(\.numbers)
    #expect(found.count == expected.count && !expected.isEmpty)
    for (candidate, numbers) in zip(found, expected) {
      #expect(candidate.classIndex == Int(numbers[0]))
      let box = candidate.box
      for (a, b) in zip([Double(candidate.confidence), box.centerX, box.centerY, box.width, box.height], numbers.dropFirst()) {
        #expect(abs(a - b) < 1e-5 * max(abs(b), 1), "\(candidate) is not \(numbers)")
      }
    }
  }

  let anchors = [Anchor(width: 10, height: 14), Anchor(width: 37, height: 58)]
  let cellAnchors = [Anchor(width: 1.25, height: 0.75), Anchor(width: 2.5, height: 3)]

  @Test func yolo() throws {
    let head = YoloHead(anchors: anchors, classes: 3)
    try expect(head.candidates(in: raw(3), inputWidth: 96, inputHeight: 128, threshold: 0.25), equal: "yolo")
  }

  @Test func yoloWithScaledCentres() throws {
    let head = YoloHead(anchors: anchors, classes: 3, scale: 1.2)
    try expect(head.candidates(in: raw(3), inputWidth: 96, inputHeight: 128, threshold: 0.25), equal: "yolo-scaled")
  }

  @Test func yoloWithNewCoordinates() throws {
    let head = YoloHead(anchors: anchors, classes: 3, scale: 2, newCoordinates: true)
    try expect(head.candidates(in: noise([1, 16, 4, 3]), inputWidth: 96, inputHeight: 128, threshold: 0.4), equal: "yolo-new-coordinates")
  }

  @Test func regions() throws {
    try expect(RegionHead(anchors: cellAnchors, classes: 4).candidates(in: raw(4), threshold: 0.3), equal: "region-softmax")
    try expect(
      RegionHead(anchors: cellAnchors, classes: 4, probabilities: .sigmoid).candidates(in: raw(4), threshold: 0.3), equal: "region-sigmoid")
  }

  @Test func regionsWithATree() throws {
    let tree = try ClassTree(parents: [nil, nil, 0, 0, 0, 1, 1, 3, 3], file: "tree")
    let head = RegionHead(anchors: cellAnchors, classes: 9, probabilities: .tree(tree, threshold: 0.5))
    try expect(head.candidates(in: raw(9), threshold: 0.2), equal: "region-tree")
  }

  @Test func grids() throws {
    let values = noise([1, 4 * (3 + 5 * 2)])
    try expect(GridHead(side: 2, boxes: 2, classes: 3, squareRoots: true).candidates(in: values, threshold: 0.4), equal: "grid")
    try expect(GridHead(side: 2, boxes: 2, classes: 3, softmax: true).candidates(in: values, threshold: 0.2), equal: "grid-softmax")
  }

  @Test func maskPicksAnchors() throws {
    #expect(try YoloHead(allAnchors: anchors, mask: [1], classes: 3).anchors == [anchors[1]])
    #expect(throws: DetectionError.network(problem: "[yolo] mask names anchor 2, found 2 anchors, numbered from 0")) {
      try YoloHead(allAnchors: anchors, mask: [0, 2], classes: 3)
    }
  }

  @Test func extremeThresholds() throws {
    let head = YoloHead(anchors: anchors, classes: 3)
    #expect(try head.candidates(in: raw(3), inputWidth: 96, inputHeight: 128, threshold: 0).count == 2 * 3 * 12)
    #expect(try head.candidates(in: raw(3), inputWidth: 96, inputHeight: 128, threshold: 1).isEmpty)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, 1e30, -1e30])
  func wildValuesGiveNoWildBoxes(_ value: Float) throws {
    let tensor = Tensor([1, 16, 4, 3], repeating: value)
    var found = try YoloHead(anchors: anchors, classes: 3).candidates(in: tensor, inputWidth: 96, inputHeight: 128, threshold: 0.25)
    found += try YoloHead(anchors: anchors, classes: 3, newCoordinates: true)
      .candidates(in: tensor, inputWidth: 96, inputHeight: 128, threshold: 0.25)
    found += try RegionHead(anchors: cellAnchors, classes: 3).candidates(in: tensor, threshold: 0.25)
    let tree = try ClassTree(parents: [nil, nil, 1], file: "tree")
    found += try RegionHead(anchors: cellAnchors, classes: 3, probabilities: .tree(tree, threshold: 0.5)).candidates(in: tensor, threshold: 0.25)
    found += try GridHead(side: 2, boxes: 2, classes: 3, softmax: true).candidates(in: Tensor([52], repeating: value), threshold: 0.25)
    for candidate in found { #expect(candidate.box.isFinite && !candidate.confidence.isNaN) }
  }

  @Test func otherShapesAreErrorsThatSayWhatIsExpected() {
    #expect(
      throws: DetectionError.network(
        problem: "[yolo] reads a tensor of 1×16×height×width (2 anchors of 5 + 3 values), found 1×15×4×3; "
          + "check filters of the layer before it, anchors and classes")
    ) { try YoloHead(anchors: anchors, classes: 3).candidates(in: Tensor([1, 15, 4, 3]), inputWidth: 96, inputHeight: 128, threshold: 0.5) }
    #expect(throws: DetectionError.self) { try RegionHead(anchors: anchors, classes: 3).candidates(in: Tensor([16, 12]), threshold: 0.5) }
    #expect(throws: DetectionError.self) { try GridHead(side: 2, boxes: 2, classes: 3).candidates(in: Tensor([51]), threshold: 0.5) }
    #expect(throws: DetectionError.self) {
      let tree = try ClassTree(parents: [nil, 0], file: "tree")
      _ = try RegionHead(anchors: anchors, classes: 3, probabilities: .tree(tree, threshold: 0.5)).candidates(in: raw(3), threshold: 0.5)
    }
  }
}
