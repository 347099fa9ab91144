import Detection
import Tensors
import TestSupport
import Testing

/// From the outputs of YOLOv3-tiny's convolutions to the detections that were published for Darknet's sample pictures: heads, suppression and placement.
@Suite struct YoloTinyTests {
  @Test func samplePictures() throws {
    let anchors: [(Float, Float)] = [(10, 14), (23, 27), (37, 58), (81, 82), (135, 169), (344, 319)]
    let all = anchors.map { Anchor(width: $0.0, height: $0.1) }
    let heads = try [[3, 4, 5], [0, 1, 2]].map { try YoloHead(allAnchors: all, mask: $0, classes: 80) }
    let pictures = try fixture("yolo-cells.json", as: JSON.self)["pictures"].object
    #expect(pictures.count == 6)
    for (name, picture) in pictures {
      var outputs = [13, 26].map { [Float](repeating: -20, count: 255 * $0 * $0) }
      for cell in picture["cells"].list {
        let place = cell.list[0..<4].map { Int($0.number) }, side = place[0] == 0 ? 13 : 26
        for (index, value) in cell.list[4].numbers.enumerated() {
          outputs[place[0]][((place[1] * 85 + index) * side + place[2]) * side + place[3]] = Float(value)
        }
      }
      var candidates: [Candidate] = []
      for (head, output) in zip(heads, outputs) {
        let side = output.count == 255 * 13 * 13 ? 13 : 26
        candidates += try head.candidates(in: Tensor([1, 255, side, side], output), inputWidth: 416, inputHeight: 416, threshold: 0.25)
      }
      let size = picture["size"].numbers.map { Int($0) }
      let placement = PicturePlacement(.letterbox, pictureWidth: size[0], pictureHeight: size[1], inputWidth: 416, inputHeight: 416)
      var found = NonMaximumSuppression(threshold: 0.45)(candidates)
      let expected = picture["expected"].list
      #expect(found.count == expected.count, "\(name)")
      for detection in expected {
        let numbers = detection.list[2].numbers
        let box = Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        let match = found.firstIndex {
          CocoLabels.names[$0.classIndex] == detection.list[0].text && abs(Double($0.confidence) - detection.list[1].number) < 0.015
            && placement.pictureBox($0.box).intersectionOverUnion(box) > 0.985
        }
        #expect(match != nil, "\(name): \(detection)")
        if let match { found.remove(at: match) }
      }
    }
  }
}
