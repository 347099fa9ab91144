/// How a picture is brought to the size of a network's input.
public enum PictureFit: String, Sendable, CaseIterable {
  /// Keeps the picture's proportions and fills the rest with grey: how YOLO networks were trained.
  case letterbox
  /// Stretches each side to the network's.
  case stretch
}

/// Where a picture lies in a network's input, and with that how boxes go from one to the other.
///
/// Letterboxed sizes are `⌊side · min(inputWidth / pictureWidth, inputHeight / pictureHeight)⌋`, worked out in double precision, and half of what is left over,
/// rounded down, lies before the picture. Boxes are mapped by these whole numbers, not by the scale they were rounded from.
/// The rounding can leave one column or row of grey on the side that fills the input: 773 · (416 / 773) is 415.99…; detections that others publish were
/// made so, and small networks are sensitive to it (docs/apps/detect.md).
public struct PicturePlacement: Sendable, Hashable {
  /// The size of the picture that boxes are given in, in pixels.
  public let pictureWidth: Int
  public let pictureHeight: Int
  /// The size of the network's input.
  public let inputWidth: Int
  public let inputHeight: Int
  /// The rectangle of the input that the picture fills.
  public let x: Int
  public let y: Int
  public let width: Int
  public let height: Int

  /// - Precondition: all sizes are above zero.
  public init(_ fit: PictureFit, pictureWidth: Int, pictureHeight: Int, inputWidth: Int, inputHeight: Int) {
    precondition(
      pictureWidth > 0 && pictureHeight > 0 && inputWidth > 0 && inputHeight > 0,
      "a picture of \(pictureWidth)×\(pictureHeight) cannot be fitted to an input of \(inputWidth)×\(inputHeight)")
    self.pictureWidth = pictureWidth
    self.pictureHeight = pictureHeight
    self.inputWidth = inputWidth
    self.inputHeight = inputHeight
    switch fit {
    case .stretch:
      (width, height) = (inputWidth, inputHeight)
    case .letterbox:
      let scale = min(Double(inputWidth) / Double(pictureWidth), Double(inputHeight) / Double(pictureHeight))
      width = min(max(Int(Double(pictureWidth) * scale), 1), inputWidth)
      height = min(max(Int(Double(pictureHeight) * scale), 1), inputHeight)
    }
    x = (inputWidth - width) / 2
    y = (inputHeight - height) / 2
  }

  /// A box relative to the network's input (0…1), in pixels of the picture.
  public func pictureBox(_ box: Box) -> Box {
    let horizontal = Double(pictureWidth) / Double(width), vertical = Double(pictureHeight) / Double(height)
    return Box(
      x: (box.x * Double(inputWidth) - Double(x)) * horizontal, y: (box.y * Double(inputHeight) - Double(y)) * vertical,
      width: box.width * Double(inputWidth) * horizontal, height: box.height * Double(inputHeight) * vertical)
  }

  /// A box in pixels of the picture, relative to the network's input (0…1): the inverse of ``pictureBox(_:)``.
  public func inputBox(_ box: Box) -> Box {
    let horizontal = Double(width) / Double(pictureWidth), vertical = Double(height) / Double(pictureHeight)
    return Box(
      x: (box.x * horizontal + Double(x)) / Double(inputWidth), y: (box.y * vertical + Double(y)) / Double(inputHeight),
      width: box.width * horizontal / Double(inputWidth), height: box.height * vertical / Double(inputHeight))
  }
}
