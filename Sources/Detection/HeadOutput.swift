import Glibc
import Tensors

/// The output of a convolution that a YOLO head reads: for each anchor `values` planes of `height · width` cells, as Darknet lays them out
/// (x, y, width, height, objectness, then the classes).
struct HeadOutput: ~Escapable {
  let span: Span<Float>
  let height: Int
  let width: Int
  let values: Int

  var cells: Int { height * width }

  @_lifetime(borrow tensor)
  init(_ tensor: borrowing Tensor, anchors: Int, classes: Int, section: String) throws(DetectionError) {
    values = 5 + classes
    let shape = tensor.shape
    guard shape.rank == 4 && shape[0] == 1 && shape[1] == anchors * values else {
      throw .network(
        problem: "[\(section)] reads a tensor of 1×\(anchors * values)×height×width (\(anchors) anchors of 5 + \(classes) values), found "
          + "\(shape); check filters of the layer before it, anchors and classes")
    }
    height = shape[2]
    width = shape[3]
    span = tensor.span
  }

  /// The position of value 0 of `anchor` in the first cell.
  func start(_ anchor: Int) -> Int { anchor * values * cells }
}

/// `σ(x) = 1 / (1 + e⁻ˣ)`
@inline(__always) func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(-x)) }

/// The x for which `σ(x) = probability`: −∞ from 0 down, +∞ from 1 up.
func inverseSigmoid(_ probability: Float) -> Float {
  probability <= 0 ? -.infinity : probability >= 1 ? .infinity : logf(probability / (1 - probability))
}

/// Replaces `values` by `e^(v − max) / Σ e^(v − max)` over `range`.
func applySoftmax(_ values: inout [Float], over range: Range<Int>) {
  guard let largest = values[range].max() else { return }
  var sum = Float(0)
  for index in range {
    values[index] = expf(values[index] - largest)
    sum += values[index]
  }
  for index in range { values[index] /= sum }
}

extension [Candidate] {
  /// Adds a candidate unless its box has no size or a number is not finite, as untrained networks give. Heads that take the network's numbers as they are can
  /// exceed a confidence of 1, which is then 1.
  mutating func append(classIndex: Int, confidence: Float, box: Box) {
    guard confidence.isFinite && box.isFinite && box.width > 0 && box.height > 0 else { return }
    append(Candidate(classIndex: classIndex, confidence: Swift.min(confidence, 1), box: box))
  }
}

/// The size of a box that a head's predictions are relative to.
public struct Anchor: Sendable, Hashable {
  public var width: Float
  public var height: Float

  public init(width: Float, height: Float) {
    self.width = width
    self.height = height
  }
}
