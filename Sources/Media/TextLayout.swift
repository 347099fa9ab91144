/// The room that a line of text takes, in pixels. Ascent and descent are the font's, the same for all texts of one size.
public struct TextSize: Sendable, Hashable {
  public let width: Double
  /// From the baseline up to the top of the tallest letters.
  public let ascent: Double
  /// From the baseline down to the foot of letters such as g.
  public let descent: Double

  public var height: Double { ascent + descent }
}

/// Which place of a text is put at a given point.
public enum TextAnchor: Sendable, CaseIterable {
  case topLeft, top, topRight
  case left, center, right
  case baselineLeft, baseline, baselineRight
  case bottomLeft, bottom, bottomRight

  /// How much of the width lies left of the point.
  var across: Double {
    switch self {
    case .topLeft, .left, .baselineLeft, .bottomLeft: 0
    case .top, .center, .baseline, .bottom: 0.5
    case .topRight, .right, .baselineRight, .bottomRight: 1
    }
  }

  /// How far the baseline lies below the point.
  func rise(of size: TextSize) -> Double {
    switch self {
    case .topLeft, .top, .topRight: size.ascent
    case .left, .center, .right: (size.ascent - size.descent) / 2
    case .baselineLeft, .baseline, .baselineRight: 0
    case .bottomLeft, .bottom, .bottomRight: -size.descent
    }
  }
}
