import Glibc
public import Tensors

/// The `[region]` section of YOLOv2 and YOLO9000.
///
/// For the cell in column `c` and row `r` of a grid of `w · h`, and an anchor of `aw · ah` cells:
///
///     x = (σ(tx) + c) / w      width  = e^tw · aw / w
///     y = (σ(ty) + r) / h      height = e^th · ah / h
///     confidence of class k = σ(objectness) · P(k)
///
/// P is a softmax over the classes; with a ``ClassTree`` it is the product of conditional probabilities from the root down to k, and each box keeps one
/// class. Redmon and Farhadi, "YOLO9000: Better, Faster, Stronger", 2017.
public struct RegionHead: Sendable, Hashable {
  /// How class values become probabilities.
  public enum Probabilities: Sendable, Hashable {
    /// `softmax=1`
    case softmax
    /// `softmax=0`: each class by itself.
    case sigmoid
    /// `tree=FILE`: from the root, the likeliest child is taken as long as its probability, `P(child) = P(parent) · P(child | parent)`, is above
    /// `threshold`; the likeliest root is taken in any case.
    case tree(ClassTree, threshold: Float)
  }

  /// In cells of the head's grid.
  public var anchors: [Anchor]
  public var classes: Int
  public var probabilities: Probabilities

  public init(anchors: [Anchor], classes: Int, probabilities: Probabilities = .softmax) {
    self.anchors = anchors
    self.classes = classes
    self.probabilities = probabilities
  }

  /// The candidates of confidence above `threshold`, relative to the network's input, by anchor, row, column and class.
  ///
  /// - Parameter output: `[1, anchors · (5 + classes), h, w]`, before sigmoid and softmax.
  /// - Throws: ``DetectionError/network(problem:)`` when `output` has another shape, or the tree another number of classes.
  public func candidates(in output: Tensor, threshold: Float) throws(DetectionError) -> [Candidate] {
    if case .tree(let tree, _) = probabilities, tree.count != classes {
      throw .network(problem: "[region] has \(classes) classes, found \(tree.count) in its tree")
    }
    let values = try HeadOutput(output, anchors: anchors.count, classes: classes, section: "region")
    let span = values.span, cells = values.cells, smallest = inverseSigmoid(threshold)
    var found: [Candidate] = [], scores = [Float](repeating: 0, count: classes)
    for (index, anchor) in anchors.enumerated() {
      let start = values.start(index), objectness = start + 4 * cells
      for cell in 0..<cells where span[objectness + cell] > smallest {
        let (row, column) = (cell / values.width, cell % values.width)
        let box = Box(
          centerX: Double(sigmoid(span[start + cell]) + Float(column)) / Double(values.width),
          centerY: Double(sigmoid(span[start + cells + cell]) + Float(row)) / Double(values.height),
          width: Double(expf(span[start + 2 * cells + cell]) * anchor.width) / Double(values.width),
          height: Double(expf(span[start + 3 * cells + cell]) * anchor.height) / Double(values.height))
        for classIndex in 0..<classes { scores[classIndex] = span[objectness + (classIndex + 1) * cells + cell] }
        let certainty = sigmoid(span[objectness + cell])
        switch probabilities {
        case .softmax: applySoftmax(&scores, over: 0..<classes)
        case .sigmoid: for classIndex in 0..<classes { scores[classIndex] = sigmoid(scores[classIndex]) }
        case .tree(let tree, let treeThreshold):
          guard let best = tree.likeliest(from: &scores, threshold: treeThreshold) else { continue }
          if certainty * best.probability > threshold {
            found.append(classIndex: best.classIndex, confidence: certainty * best.probability, box: box)
          }
          continue
        }
        for classIndex in 0..<classes where certainty * scores[classIndex] > threshold {
          found.append(classIndex: classIndex, confidence: certainty * scores[classIndex], box: box)
        }
      }
    }
    return found
  }
}
