import Learning
import Media
import Tensors

/// Small grey pictures as a sheet, each enlarged, with a line of text below.
struct ContactSheet {
  var pictures: [(pixels: [Float], caption: String, color: Color)] = []
  let columns: Int
  let title: String

  init(_ title: String, columns: Int) {
    self.title = title
    self.columns = columns
  }

  /// - Parameter index: which of the digits.
  mutating func add(_ digits: Digits, _ index: Int, _ caption: String, color: Color = .black) {
    let size = Digits.side * Digits.side
    pictures.append((Array(digits.x.elements(from: index * size, count: size)), caption, color))
  }

  /// - Throws: ``ImageError`` when it is too large to be drawn.
  func image() throws(ImageError) -> Image {
    let side = Digits.side, scale = 3, tile = scale * side, gap = 10, line = 20, head = 40
    let rows = max(1, (pictures.count + columns - 1) / columns), width = columns * (tile + gap) + gap, height = head + rows * (tile + line + gap)
    var image = Image(width: width, height: height, filledWith: (255, 255, 255))
    for (index, picture) in pictures.enumerated() {
      let left = gap + index % columns * (tile + gap), top = head + index / columns * (tile + line + gap)
      for row in 0..<tile {
        for column in 0..<tile {
          // Ink is dark.
          let ink = min(1, max(0, picture.pixels[row / scale * side + column / scale])), value = UInt8(255 * (1 - ink))
          let pixel = (top + row) * width + left + column
          for channel in 0..<3 { image.pixels[3 * pixel + channel] = value }
        }
      }
    }
    let canvas = try Canvas(image)
    canvas.text(title, at: Point(x: Double(gap), y: Double(head) / 2), size: 17, color: .black, anchor: .left, isBold: true)
    for (index, picture) in pictures.enumerated() {
      let left = gap + index % columns * (tile + gap), top = head + index / columns * (tile + line + gap)
      let room = Double(tile + gap - 4), natural = canvas.textSize(picture.caption, size: 14).width
      let frame = Rectangle(x: Double(left) - 0.5, y: Double(top) - 0.5, width: Double(tile) + 1, height: Double(tile) + 1)
      canvas.strokeRectangle(frame, color: Color(gray: 0.75), lineWidth: 1)
      canvas.text(
        picture.caption, at: Point(x: Double(left) + Double(tile) / 2, y: Double(top + tile) + 3), size: natural > room ? 14 * room / natural : 14,
        color: picture.color, anchor: .top)
    }
    return canvas.image()
  }
}

extension Tensor {
  /// Some of the elements.
  func elements(from first: Int, count: Int) -> [Float] {
    let span = span
    return (first..<first + count).map { span[$0] }
  }
}

/// The windows of a convolution's first channel side by side: light where a light pixel raises the result, all on one scale.
func filterPicture(_ layer: Conv2D) -> Image {
  let weight = layer.weight.value, outputs = weight.shape[0], height = weight.shape[2], width = weight.shape[3], scale = 24, gap = 12
  let values = weight.elements, largest = max(values.map(abs).max() ?? 0, .leastNonzeroMagnitude), each = weight.shape[1] * height * width
  var image = Image(width: outputs * (width * scale + gap) + gap, height: height * scale + 2 * gap, filledWith: (255, 255, 255))
  for output in 0..<outputs {
    for row in 0..<height * scale {
      for column in 0..<width * scale {
        let value = UInt8(127.5 + 127 * values[output * each + row / scale * width + column / scale] / largest)
        let pixel = (gap + row) * image.width + gap + output * (width * scale + gap) + column
        for channel in 0..<3 { image.pixels[3 * pixel + channel] = value }
      }
    }
  }
  return image
}
