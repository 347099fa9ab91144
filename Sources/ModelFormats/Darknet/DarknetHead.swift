/// How the raw numbers of one output of a ``DarknetNetwork`` are to be read as boxes.
public enum DarknetHead: Sendable {
  case yolo(DarknetYOLOHead)
  case region(DarknetRegionHead)
  case detection(DarknetDetectionHead)

  /// The position of the head's numbers among the graph's outputs.
  public var output: Int {
    switch self {
    case .yolo(let head): head.output
    case .region(let head): head.output
    case .detection(let head): head.output
    }
  }

  /// How many classes it tells apart.
  public var classes: Int {
    switch self {
    case .yolo(let head): head.classes
    case .region(let head): head.classes
    case .detection(let head): head.classes
    }
  }
}

/// The size of a typical box.
public struct DarknetAnchor: Sendable, Hashable {
  public var width, height: Float

  public init(width: Float, height: Float) {
    self.width = width
    self.height = height
  }
}

/// `[yolo]` (Redmon & Farhadi 2018): numbers [1, anchors · (5 + classes), rows, columns], for each anchor x, y, width, height, objectness, classes.
public struct DarknetYOLOHead: Sendable {
  public let output: Int
  public let classes: Int
  /// The anchors of this head, in pixels of the network's input: those of the configuration that its `mask` names.
  public let anchors: [DarknetAnchor]
  /// The positions of ``anchors`` in the configuration's list.
  public let mask: [Int]
  /// x = (scaleXY · (σ(tx) − ½) + ½ + column) / columns (Bochkovskiy et al. 2020); 1 in YOLOv3.
  public let scaleXY: Float
  /// Whether sizes are (2·tw)² · anchor, and numbers come from the layer before with σ already applied (scaled YOLOv4).
  public let newCoordinates: Bool
}

/// `[region]` (Redmon & Farhadi 2016, YOLOv2): numbers [1, anchors · (coordinates + 1 + classes), rows, columns], for each anchor x, y, width, height, …,
/// objectness, classes.
public struct DarknetRegionHead: Sendable {
  public let output: Int
  public let classes: Int
  /// Numbers that place a box: 4, more where masks are predicted.
  public let coordinates: Int
  /// In cells of the grid.
  public let anchors: [DarknetAnchor]
  /// Whether classes are a softmax; else each is a logistic of its own. With a tree they are a softmax in each of its groups.
  public let softmax: Bool
  /// Whether the objectness takes part in the softmax as a class of its own.
  public let background: Bool
  /// The hierarchy of the classes (YOLO9000).
  public let tree: DarknetTree?
}

/// `[detection]` (Redmon et al. 2016, YOLOv1): side² · classes probabilities, then side² · boxes confidences, then side² · boxes · coordinates.
public struct DarknetDetectionHead: Sendable {
  public let output: Int
  public let classes: Int
  /// Cells of the grid along each axis.
  public let side: Int
  /// Boxes a cell.
  public let boxes: Int
  public let coordinates: Int
  public let softmax: Bool
  /// Whether width and height are given as their square roots.
  public let squareRoot: Bool
}
