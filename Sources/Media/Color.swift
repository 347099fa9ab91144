import Glibc

/// An sRGB colour with straight alpha; each component from 0 to 1.
public struct Color: Sendable, Hashable {
  public var red: Double
  public var green: Double
  public var blue: Double
  public var alpha: Double

  public init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  public init(gray: Double, alpha: Double = 1) { self.init(red: gray, green: gray, blue: gray, alpha: alpha) }

  /// A colour by hue (a part of the colour circle: 0 is red, 1/3 green, 2/3 blue), saturation and value, each from 0 to 1.
  public init(hue: Double, saturation: Double, value: Double) {
    func component(_ offset: Double) -> Double {
      let position = (hue * 6 + offset).truncatingRemainder(dividingBy: 6)
      return value * (1 - saturation * max(0, min(position, 4 - position, 1)))
    }
    self.init(red: component(5), green: component(3), blue: component(1))
  }

  public static let black = Color(gray: 0)
  public static let white = Color(gray: 1)

  public func withAlpha(_ alpha: Double) -> Color {
    var color = self
    color.alpha = alpha
    return color
  }

  /// Black or white, whichever is easier to read on this colour: the one of higher contrast (WCAG 2: relative luminance of sRGB).
  public var readableTextColor: Color {
    func linear(_ value: Double) -> Double { value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4) }
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    return luminance > 0.179 ? .black : .white
  }

  /// The colour of the `index`th thing in a picture or plot: the first seven are Okabe and Ito's, which people with colour blindness tell apart too;
  /// further ones go round the colour circle by the golden ratio.
  public static func distinct(_ index: Int) -> Color {
    let index = max(index, 0)
    if index < okabeIto.count { return okabeIto[index] }
    let hue = (Double(index) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
    return Color(hue: hue, saturation: index % 2 == 0 ? 0.75 : 0.6, value: index % 3 == 0 ? 0.7 : 0.9)
  }

  private static let okabeIto = [
    (0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0), (86, 180, 233), (148, 103, 189),
  ].map { Color(red: Double($0.0) / 255, green: Double($0.1) / 255, blue: Double($0.2) / 255) }
}
