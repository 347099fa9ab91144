/// How the stored rows of a picture relate to what the camera saw: the eight values of EXIF.
public enum Orientation: Int, Sendable, CaseIterable {
  case up = 1
  case mirrored
  case upsideDown
  case flipped
  case transposed
  /// To be turned a quarter clockwise.
  case turnedLeft
  case transverse
  /// To be turned a quarter anticlockwise.
  case turnedRight

  /// Whether width and height change places in the upright picture.
  public var swapsSides: Bool { rawValue >= 5 }
}

extension Image {
  /// The picture as the camera saw it, given how its rows are stored.
  public func upright(from orientation: Orientation) -> Image {
    guard orientation != .up && !pixels.isEmpty else { return self }
    // The pixel at (x, y) of the result is stored at first + x * across + y * down.
    let last = width * height - 1
    let (first, across, down) =
      switch orientation {
      case .up: (0, 1, width)
      case .mirrored: (width - 1, -1, width)
      case .upsideDown: (last, -1, -width)
      case .flipped: (last - (width - 1), 1, -width)
      case .transposed: (0, width, 1)
      case .turnedLeft: (last - (width - 1), -width, 1)
      case .transverse: (last, -width, -1)
      case .turnedRight: (width - 1, width, -1)
      }
    let columns = orientation.swapsSides ? height : width
    let rows = orientation.swapsSides ? width : height
    let channels = self.channels
    let count = pixels.count
    let turned = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      unsafe pixels.withUnsafeBufferPointer { source in
        unsafe gather(
          from: source.baseAddress! + first * channels, to: target.baseAddress!, columns: columns, rows: rows, channels: channels,
          across: across * channels, down: down * channels)
      }
      initialized = count
    }
    return Image(width: columns, height: rows, layout: layout, pixels: turned)
  }
}

/// Copies pixels that lie `across` and `down` bytes apart at `source` into rows without padding, tile by tile so that both sides stay in the cache.
private func gather(
  from source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, columns: Int, rows: Int, channels: Int, across: Int, down: Int
) {
  let side = 64
  for top in stride(from: 0, to: rows, by: side) {
    for left in stride(from: 0, to: columns, by: side) {
      let width = min(side, columns - left)
      for y in top..<min(top + side, rows) {
        var from = unsafe source + (left * across + y * down)
        var to = unsafe target + (y * columns + left) * channels
        for _ in 0..<width {
          unsafe to[0] = from[0]
          unsafe to[1] = from[1]
          unsafe to[2] = from[2]
          if channels == 4 { unsafe to[3] = from[3] }
          unsafe from += across
          unsafe to += channels
        }
      }
    }
  }
}
