// cairo's pixels are 32-bit words: alpha in the highest byte, then red, green and blue, multiplied by alpha. These loops convert rows to and from that.

func pack(_ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt32>, count: Int) {
  for x in 0..<count {
    unsafe target[x] = 0xFF00_0000 | UInt32(source[3 &* x]) << 16 | UInt32(source[3 &* x &+ 1]) << 8 | UInt32(source[3 &* x &+ 2])
  }
}

func unpack(_ source: UnsafePointer<UInt32>, _ target: UnsafeMutablePointer<UInt8>, count: Int) {
  for x in 0..<count {
    let word = unsafe source[x]
    unsafe target[3 &* x] = UInt8(truncatingIfNeeded: word >> 16)
    unsafe target[3 &* x &+ 1] = UInt8(truncatingIfNeeded: word >> 8)
    unsafe target[3 &* x &+ 2] = UInt8(truncatingIfNeeded: word)
  }
}

/// From straight alpha: each colour becomes c·α / 255, rounded.
func packPremultiplied(_ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt32>, count: Int) {
  for x in 0..<count {
    let pixel = unsafe source + 4 &* x
    let alpha = unsafe UInt32(pixel[3])
    let red = unsafe UInt32(dividedBy255(UInt32(pixel[0]) &* alpha))
    let green = unsafe UInt32(dividedBy255(UInt32(pixel[1]) &* alpha))
    let blue = unsafe UInt32(dividedBy255(UInt32(pixel[2]) &* alpha))
    unsafe target[x] = alpha << 24 | red << 16 | green << 8 | blue
  }
}

/// To straight alpha: each colour becomes 255·c / α, rounded; a transparent pixel is black.
func unpackPremultiplied(_ source: UnsafePointer<UInt32>, _ target: UnsafeMutablePointer<UInt8>, count: Int) {
  for x in 0..<count {
    let word = unsafe source[x]
    let alpha = word >> 24
    let pixel = unsafe target + 4 &* x
    func straight(_ shift: UInt32) -> UInt8 {
      let color = (word >> shift) & 255
      if alpha == 255 || alpha == 0 { return UInt8(truncatingIfNeeded: color) }
      return UInt8(truncatingIfNeeded: min((color &* 255 &+ alpha / 2) / alpha, 255))
    }
    unsafe pixel[0] = straight(16)
    unsafe pixel[1] = straight(8)
    unsafe pixel[2] = straight(0)
    unsafe pixel[3] = UInt8(truncatingIfNeeded: alpha)
  }
}
