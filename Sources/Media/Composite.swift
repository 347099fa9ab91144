extension Image {
  /// The picture over a white ground, without alpha: each channel is (c·α + 255·(255 − α)) / 255, rounded.
  public func compositedOnWhite() -> Image {
    guard layout == .rgba else { return self }
    let count = width * height
    let opaque = unsafe [UInt8](unsafeUninitializedCapacity: 3 * count) { target, initialized in
      unsafe pixels.withUnsafeBufferPointer { source in
        for pixel in 0..<count {
          let alpha = unsafe UInt32(source[4 &* pixel &+ 3])
          let white = 255 &* (255 &- alpha)
          for channel in 0..<3 {
            unsafe target[3 &* pixel &+ channel] = dividedBy255(UInt32(source[4 &* pixel &+ channel]) &* alpha &+ white)
          }
        }
      }
      initialized = 3 * count
    }
    return Image(width: width, height: height, pixels: opaque)
  }
}

/// `value / 255`, rounded, for values up to 255·255.
@inline(__always) func dividedBy255(_ value: UInt32) -> UInt8 {
  let shifted = value &+ 128
  return UInt8(truncatingIfNeeded: (shifted &+ (shifted >> 8)) >> 8)
}
