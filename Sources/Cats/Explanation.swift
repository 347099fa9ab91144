public import Media
public import Training

/// The picture with what spoke for a cat in colours from blue to red, and the rest dimmed.
public func explanation(of map: ClassMap, on image: Image) -> Image {
  let largest = max(map.values.max() ?? 0, .leastNonzeroMagnitude)
  var result = image
  for row in 0..<image.height {
    for column in 0..<image.width {
      let pixel = (row * image.width + column) * image.channels, heat = map.value(x: Double(column), y: Double(row)).map { max(0, $0 / largest) }
      for channel in 0..<3 {
        let value = Float(image.pixels[pixel + channel])
        let shown = heat.map { value * (0.55 - 0.2 * $0) + color($0)[channel] * (0.15 + 0.5 * $0) * min(1, 4 * $0) } ?? value * 0.35
        result.pixels[pixel + channel] = UInt8(min(255, max(0, shown.rounded())))
      }
    }
  }
  return result
}

extension ClassMap {
  /// The map at a pixel of the picture, interpolated between its places; nil outside of what the network saw.
  func value(x: Double, y: Double) -> Float? {
    let right = (x + 0.5 - area.x) / area.width, down = (y + 0.5 - area.y) / area.height
    guard (0...1).contains(right), (0...1).contains(down) else { return nil }
    let column = min(max(right * Double(width) - 0.5, 0), Double(width - 1)), row = min(max(down * Double(height) - 0.5, 0), Double(height - 1))
    let left = Int(column), top = Int(row), next = min(left + 1, width - 1), below = min(top + 1, height - 1)
    let u = Float(column - Double(left)), v = Float(row - Double(top))
    func at(_ row: Int, _ column: Int) -> Float { values[row * width + column] }
    return (at(top, left) * (1 - u) + at(top, next) * u) * (1 - v) + (at(below, left) * (1 - u) + at(below, next) * u) * v
  }
}

/// Blue at 0, green at ½, red at 1.
private func color(_ heat: Float) -> [Float] {
  let heat = min(1, max(0, heat))
  return [255 * min(1, max(0, 2 * heat - 0.6)), 255 * max(0, 1 - (2 * heat - 1).magnitude), 255 * max(0, 1 - 2 * heat)]
}
