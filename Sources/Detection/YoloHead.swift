import Glibc
public import Tensors

/// The `[yolo]` section: boxes relative to anchors, classes independent of each other.
///
/// For the cell in column `c` and row `r` of a grid of `w · h`, an anchor of `aw · ah` pixels and a network input of `W · H` pixels:
///
///     x = (s·σ(tx) − (s − 1)/2 + c) / w      width  = e^tw · aw / W
///     y = (s·σ(ty) − (s − 1)/2 + r) / h      height = e^th · ah / H
///     confidence of class k = σ(objectness) · σ(class k)
///
/// (x, y) is the box's centre; s is `scale_x_y`, 1 in YOLOv3. With `new_coords` the convolution before the head has applied the sigmoid to all its
/// values t already, and `width = (2·tw)² · aw / W`.
///
/// Redmon and Farhadi, "YOLOv3: An Incremental Improvement", 2018; `scale_x_y`: Bochkovskiy et al., "YOLOv4", 2020; `new_coords`: Wang et al.,
/// "Scaled-YOLOv4", 2021.
public struct YoloHead: Sendable, Hashable {
  /// The anchors of this head, in pixels of the network's input.
  public var anchors: [Anchor]
  public var classes: Int
  /// `scale_x_y`
  public var scale: Float
  /// `new_coords`
  public var newCoordinates: Bool

  public init(anchors: [Anchor], classes: Int, scale: Float = 1, newCoordinates: Bool = false) {
    self.anchors = anchors
    self.classes = classes
    self.scale = scale
    self.newCoordinates = newCoordinates
  }

  /// The head of a section that lists the anchors of all heads, of which it takes those at the places in `mask`.
  ///
  /// - Throws: ``DetectionError/network(problem:)`` when `mask` names an anchor that is not there.
  public init(allAnchors: [Anchor], mask: [Int], classes: Int, scale: Float = 1, newCoordinates: Bool = false) throws(DetectionError) {
    for place in mask where !allAnchors.indices.contains(place) {
      throw .network(problem: "[yolo] mask names anchor \(place), found \(allAnchors.count) anchors, numbered from 0")
    }
    self.init(anchors: mask.map { allAnchors[$0] }, classes: classes, scale: scale, newCoordinates: newCoordinates)
  }

  /// The candidates of confidence above `threshold`, in relative units, by anchor, row, column and class.
  ///
  /// - Parameters:
  ///   - output: `[1, anchors · (5 + classes), h, w]`, before any sigmoid of this head.
  ///   - inputWidth: The width of the network's input in pixels; `inputHeight` alike.
  /// - Throws: ``DetectionError/network(problem:)`` when `output` has another shape.
  public func candidates(
    in output: Tensor, inputWidth: Int, inputHeight: Int, threshold: Float
  ) throws(DetectionError) -> [Candidate] {
    let values = try HeadOutput(output, anchors: anchors.count, classes: classes, section: "yolo")
    let span = values.span, cells = values.cells
    let smallest = newCoordinates ? threshold : inverseSigmoid(threshold)
    var found: [Candidate] = []
    for (index, anchor) in anchors.enumerated() {
      let start = values.start(index), objectness = start + 4 * cells
      for cell in 0..<cells where span[objectness + cell] > smallest {  // most cells end here, without an exponential
        let certainty = activated(span[objectness + cell])
        let smallestClass = newCoordinates ? threshold / certainty : inverseSigmoid(threshold / certainty)
        for classIndex in 0..<classes {
          let value = span[objectness + (classIndex + 1) * cells + cell]
          guard value > smallestClass else { continue }
          let box = box(
            span[start + cell], span[start + cells + cell], span[start + 2 * cells + cell], span[start + 3 * cells + cell], anchor: anchor)
          let (row, column) = (cell / values.width, cell % values.width)
          found.append(
            classIndex: classIndex, confidence: certainty * activated(value),
            box: Box(
              centerX: (Double(box.x) + Double(column)) / Double(values.width), centerY: (Double(box.y) + Double(row)) / Double(values.height),
              width: Double(box.width) / Double(inputWidth), height: Double(box.height) / Double(inputHeight)))
        }
      }
    }
    return found
  }

  private func activated(_ value: Float) -> Float { newCoordinates ? value : sigmoid(value) }

  /// The centre within its cell, in cells, and the size in pixels.
  private func box(_ tx: Float, _ ty: Float, _ tw: Float, _ th: Float, anchor: Anchor) -> (x: Float, y: Float, width: Float, height: Float) {
    let x = scale * activated(tx) - (scale - 1) / 2, y = scale * activated(ty) - (scale - 1) / 2
    guard newCoordinates else { return (x, y, expf(tw) * anchor.width, expf(th) * anchor.height) }
    return (x, y, 4 * tw * tw * anchor.width, 4 * th * th * anchor.height)
  }
}
