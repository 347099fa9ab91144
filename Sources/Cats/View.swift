import Learning
import Media
import Tensors
import Training

/// What the network sees at once: a square of the picture at 224×224 pixels.
struct View {
  /// [1, 3, 224, 224], each number c / 127.5 − 1.
  let input: Tensor
  /// The part of the picture, in pixels.
  let area: Rectangle

  /// The squares that a picture is looked at in: of a picture that is about square the middle, seven eighths of its shorter side, as the network's authors evaluate it;
  /// of a longer one several as wide as its shorter side, that together show all of it: five at most.
  static func views(of image: Image) -> [View] {
    let short = Double(min(image.width, image.height)), long = Double(max(image.width, image.height)), isWide = image.width > image.height
    guard long > 1.2 * short else {
      let side = short * 7 / 8
      return [View(of: image, Rectangle(x: (Double(image.width) - side) / 2, y: (Double(image.height) - side) / 2, width: side, height: side))]
    }
    let count = min(5, Int((long / short).rounded(.up)))
    return (0..<count).map { index in
      let place = (long - short) * Double(index) / Double(count - 1)
      return View(of: image, Rectangle(x: isWide ? place : 0, y: isWide ? 0 : place, width: short, height: short))
    }
  }

  private init(of image: Image, _ area: Rectangle) {
    self.area = area
    let side = EfficientNetLite0.side, x = Int(area.x.rounded()), y = Int(area.y.rounded())
    let width = max(1, min(image.width - x, Int(area.width.rounded()))), height = max(1, min(image.height - y, Int(area.height.rounded())))
    let square = image.cropped(x: x, y: y, width: width, height: height) ?? image
    let resized = square.resized(width: side, height: side, by: width > side ? .areaAverage : .bilinear)
    var input = Tensor([1, 3, side, side])
    input.withMutableSpan { target in
      for pixel in 0..<side * side {
        for channel in 0..<3 { target[channel * side * side + pixel] = Float(resized.pixels[pixel * resized.channels + channel]) / 127.5 - 1 }
      }
    }
    self.input = input
  }
}
