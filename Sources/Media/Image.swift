/// A picture: eight bits a channel, rows from top to bottom, each `width * channels` bytes without padding. The top left pixel comes first.
public struct Image: Sendable, Equatable {
  /// What the channels of a pixel mean; colours are sRGB.
  public enum Layout: Int, Sendable {
    case rgb = 3
    /// Alpha is straight: colours are not multiplied by it.
    case rgba = 4
  }

  public let width: Int
  public let height: Int
  public let layout: Layout
  /// `height * width * channels` bytes.
  public var pixels: [UInt8]

  public var channels: Int { layout.rawValue }

  /// - Precondition: `pixels.count == width * height * layout.rawValue`.
  public init(width: Int, height: Int, layout: Layout = .rgb, pixels: [UInt8]) {
    precondition(
      pixels.count == width * height * layout.rawValue,
      "a picture of \(width)×\(height) pixels in \(layout.rawValue) channels has \(width * height * layout.rawValue) bytes, found \(pixels.count)")
    self.width = width
    self.height = height
    self.layout = layout
    self.pixels = pixels
  }

  /// A picture of one colour.
  public init(width: Int, height: Int, filledWith color: (red: UInt8, green: UInt8, blue: UInt8)) {
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    for pixel in 0..<width * height {
      pixels[3 * pixel] = color.red
      pixels[3 * pixel + 1] = color.green
      pixels[3 * pixel + 2] = color.blue
    }
    self.init(width: width, height: height, pixels: pixels)
  }
}
