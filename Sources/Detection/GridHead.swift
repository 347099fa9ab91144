public import Tensors

/// The `[detection]` section of YOLOv1: a picture is cut into `side · side` cells, each with one distribution of classes and a few boxes.
///
/// The values are those of a connected layer, in this order: for each cell its classes; for each cell the confidence of its boxes; for each cell and box x,
/// y, width and height. For the cell in column `c` and row `r`:
///
///     x = (tx + c) / side      width  = tw²  (with sqrt, else tw)
///     y = (ty + r) / side      height = th²
///     confidence of class k = box confidence · class k
///
/// Redmon et al., "You Only Look Once: Unified, Real-Time Object Detection", 2016.
public struct GridHead: Sendable, Hashable {
  /// Cells a side.
  public var side: Int
  /// Boxes a cell: `num`.
  public var boxes: Int
  public var classes: Int
  /// `sqrt`: the network gives the square roots of sizes.
  public var squareRoots: Bool
  /// `softmax`: the classes of a cell are yet to be made probabilities.
  public var softmax: Bool

  public init(side: Int, boxes: Int, classes: Int, squareRoots: Bool = false, softmax: Bool = false) {
    self.side = side
    self.boxes = boxes
    self.classes = classes
    self.squareRoots = squareRoots
    self.softmax = softmax
  }

  /// The candidates of confidence above `threshold`, relative to the network's input, by row, column, box and class.
  ///
  /// - Parameter output: `side² · (classes + 5 · boxes)` values in any shape.
  /// - Throws: ``DetectionError/network(problem:)`` when there is another number of values.
  public func candidates(in output: Tensor, threshold: Float) throws(DetectionError) -> [Candidate] {
    let cells = side * side
    guard output.count == cells * (classes + 5 * boxes) else {
      throw .network(
        problem: "[detection] reads \(cells * (classes + 5 * boxes)) values (side \(side), \(boxes) boxes, \(classes) classes), found "
          + "\(output.shape); check output of the layer before it, side, num and classes")
    }
    let span = output.span
    var found: [Candidate] = [], scores = [Float](repeating: 0, count: classes)
    for cell in 0..<cells {
      for classIndex in 0..<classes { scores[classIndex] = span[cell * classes + classIndex] }
      if softmax { applySoftmax(&scores, over: 0..<classes) }
      for box in cell * boxes..<(cell + 1) * boxes {
        let certainty = span[cells * classes + box]
        let start = cells * (classes + boxes) + 4 * box
        for classIndex in 0..<classes where certainty * scores[classIndex] > threshold {
          let width = Double(span[start + 2]), height = Double(span[start + 3])
          found.append(
            classIndex: classIndex, confidence: certainty * scores[classIndex],
            box: Box(
              centerX: (Double(span[start]) + Double(cell % side)) / Double(side),
              centerY: (Double(span[start + 1]) + Double(cell / side)) / Double(side),
              width: squareRoots ? width * width : width, height: squareRoots ? height * height : height))
        }
      }
    }
    return found
  }
}
