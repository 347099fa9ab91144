/// How many rows and columns are added around feature maps.
public struct Padding: Sendable, Hashable {
  public var top, left, bottom, right: Int

  public init(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  public static let none = Padding()
  /// As many on all four sides.
  public static func all(_ size: Int) -> Padding { Padding(top: size, left: size, bottom: size, right: size) }
}
