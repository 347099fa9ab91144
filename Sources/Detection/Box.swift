/// An upright rectangle: its top left corner and its size, x to the right and y down.
///
/// In pixels of a picture, or relative to one (0…1 across its width and height), as the function that gives it says. It may reach outside the picture.
public struct Box: Sendable, Hashable {
  public var x: Double
  public var y: Double
  /// Never negative in a box that this module makes.
  public var width: Double
  public var height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public init(centerX: Double, centerY: Double, width: Double, height: Double) {
    self.init(x: centerX - width / 2, y: centerY - height / 2, width: width, height: height)
  }

  /// The box between two opposite corners, in either order.
  public init(corner a: (x: Double, y: Double), corner b: (x: Double, y: Double)) {
    self.init(x: min(a.x, b.x), y: min(a.y, b.y), width: abs(a.x - b.x), height: abs(a.y - b.y))
  }

  public var right: Double { x + width }
  public var bottom: Double { y + height }
  public var centerX: Double { x + width / 2 }
  public var centerY: Double { y + height / 2 }
  public var area: Double { width * height }
  /// Whether all four numbers are finite.
  public var isFinite: Bool { x.isFinite && y.isFinite && width.isFinite && height.isFinite }

  /// `area(A ∩ B)`; boxes that only touch share nothing.
  public func intersection(_ other: Box) -> Double {
    let width = min(right, other.right) - max(x, other.x)
    let height = min(bottom, other.bottom) - max(y, other.y)
    return width > 0 && height > 0 ? width * height : 0
  }

  /// Jaccard index, `area(A ∩ B) / area(A ∪ B)` with `area(A ∪ B) = area(A) + area(B) − area(A ∩ B)`: 0 for boxes apart, 1 for equal ones.
  public func intersectionOverUnion(_ other: Box) -> Double {
    let shared = intersection(other)
    return shared > 0 ? shared / (area + other.area - shared) : 0
  }

  /// The part of the box inside a picture of the given size, in the box's own units; of no size when it lies outside.
  public func clipped(toWidth pictureWidth: Double, height pictureHeight: Double) -> Box {
    let left = min(max(x, 0), pictureWidth), top = min(max(y, 0), pictureHeight)
    return Box(
      x: left, y: top, width: max(min(right, pictureWidth) - left, 0), height: max(min(bottom, pictureHeight) - top, 0))
  }

  /// Both axes multiplied: from relative units to pixels of a picture with those sizes.
  public func scaled(x horizontal: Double, y vertical: Double) -> Box {
    Box(x: x * horizontal, y: y * vertical, width: width * horizontal, height: height * vertical)
  }
}
