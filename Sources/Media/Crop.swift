extension Image {
  /// The part of the picture inside a rectangle in pixels, which is cut to the picture first; nil when nothing is left.
  public func cropped(x: Int, y: Int, width: Int, height: Int) -> Image? {
    let columns = max(x, 0)..<max(max(x, 0), min(self.width, x.addingClamped(width)))
    let rows = max(y, 0)..<max(max(y, 0), min(self.height, y.addingClamped(height)))
    guard !columns.isEmpty && !rows.isEmpty else { return nil }
    var part: [UInt8] = []
    part.reserveCapacity(rows.count * columns.count * channels)
    for row in rows {
      let start = (row * self.width + columns.lowerBound) * channels
      part += pixels[start..<(start + columns.count * channels)]
    }
    return Image(width: columns.count, height: rows.count, layout: layout, pixels: part)
  }
}

extension Int {
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (other > 0 ? .max : .min) : sum
  }
}
