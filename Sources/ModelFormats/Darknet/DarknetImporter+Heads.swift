import Graphs

// The heads of detectors: nothing is computed, the graph returns what they would decode.
extension DarknetImporter {
  mutating func yolo(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let input = try input(of: section)
    let classes = try section.integer("classes", default: 20, in: 1...largestCount)
    let all = try anchors(of: section)
    let mask = try section.integers("mask", in: 0...all.count - 1) ?? Array(all.indices)
    try expectChannels(mask.count, times: 5 + classes, of: "anchors · (5 + classes)", input, section)
    let head = DarknetYOLOHead(
      output: addOutput(input), classes: classes, anchors: mask.map { all[$0] }, mask: mask,
      scaleXY: try section.number("scale_x_y", default: 1), newCoordinates: try section.flag("new_coords"))
    heads.append(.yolo(head))
    return input
  }

  mutating func region(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let input = try input(of: section)
    let classes = try section.integer("classes", default: 20, in: 1...largestCount)
    let coordinates = try section.integer("coords", default: 4, in: 4...largestCount)
    let anchors = try anchors(of: section)
    try expectChannels(anchors.count, times: coordinates + 1 + classes, of: "num · (coords + 1 + classes)", input, section)
    let head = DarknetRegionHead(
      output: addOutput(input), classes: classes, coordinates: coordinates, anchors: anchors, softmax: try section.flag("softmax"),
      background: try section.flag("background"), tree: try section.tree(classes: classes, limits: limits))
    heads.append(.region(head))
    return input
  }

  mutating func detection(_ section: DarknetSection) throws(DarknetError) -> Graph.Index {
    let input = try input(of: section)
    let classes = try section.integer("classes", default: 1, in: 1...largestCount)
    let side = try section.integer("side", default: 7, in: 1...largestWindow)
    let boxes = try section.integer("num", default: 1, in: 1...largestWindow)
    let coordinates = try section.integer("coords", default: 1, in: 1...largestWindow)
    let expected = side * side * (boxes * (1 + coordinates) + classes)
    let found = graph[input].shape.count
    guard found == expected else {
      throw section.error("expected side² · (num · (1 + coords) + classes) = \(expected) numbers from the layer before, found \(found)")
    }
    let head = DarknetDetectionHead(
      output: addOutput(input), classes: classes, side: side, boxes: boxes, coordinates: coordinates, softmax: try section.flag("softmax"),
      squareRoot: try section.flag("sqrt"))
    heads.append(.detection(head))
    return input
  }

  /// All `num` anchors of a head. Without `anchors` they are Darknet's ½×½.
  private func anchors(of section: DarknetSection) throws(DarknetError) -> [DarknetAnchor] {
    let count = try section.integer("num", default: 1, in: 1...largestWindow)
    guard let numbers = try section.numbers("anchors") else { return Array(repeating: DarknetAnchor(width: 0.5, height: 0.5), count: count) }
    guard numbers.count == 2 * count else {
      throw section.error("anchors: expected \(2 * count) numbers for num=\(count), found \(numbers.count)", line: section.option("anchors")?.line)
    }
    return (0..<count).map { DarknetAnchor(width: numbers[2 * $0], height: numbers[2 * $0 + 1]) }
  }

  private func expectChannels(
    _ anchors: Int, times each: Int, of formula: String, _ input: Graph.Index, _ section: DarknetSection
  ) throws(DarknetError) {
    let found = graph[input].shape[1]
    guard found == anchors * each else {
      throw section.error("expected \(formula) = \(anchors * each) filters in the layer before, found \(found)")
    }
  }
}
