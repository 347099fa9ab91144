public import Media

extension Image {
  /// The picture with a box and a label for each detection, legible at any size: lines and letters grow with the picture, and a picture of less than 480 pixels is
  /// enlarged by a whole number first.
  public func annotated(with detections: [Detection], from original: (width: Int, height: Int)) throws(ImageError) -> Image {
    let base = drawable
    let canvas = try Canvas(base)
    let side = Double(min(max(base.width, base.height), 3 * min(base.width, base.height)))
    let lineWidth = max(2, (side / 320).rounded())
    let horizontal = Double(base.width) / Double(original.width), vertical = Double(base.height) / Double(original.height)
    var taken: [Rectangle] = []

    // The least certain first, so that the most certain lies on top.
    for detection in detections.reversed() {
      let box = detection.box.scaled(x: horizontal, y: vertical).clipped(toWidth: Double(base.width), height: Double(base.height))
      guard box.width > 0, box.height > 0 else { continue }
      let inset = lineWidth / 2
      let rectangle = Rectangle(
        x: box.x + inset, y: box.y + inset, width: max(1, box.width - lineWidth), height: max(1, box.height - lineWidth))
      canvas.strokeRectangle(rectangle, color: .black.withAlpha(0.35), lineWidth: lineWidth + 2)
      canvas.strokeRectangle(rectangle, color: .distinct(detection.classIndex), lineWidth: lineWidth)
    }
    for detection in detections {
      let box = detection.box.scaled(x: horizontal, y: vertical).clipped(toWidth: Double(base.width), height: Double(base.height))
      guard box.width > 0, box.height > 0 else { continue }
      // Letters as large as the picture asks for, smaller on small boxes, but never so small that the whole picture must be enlarged to read them.
      let fontSize = max(13, side / 100, min(side / 50, max(box.width, box.height) * 0.25)), padding = (fontSize * 0.25).rounded()
      let text = "\(detection.label) \(Int((detection.confidence * 100).rounded())) %"
      let size = canvas.textSize(text, size: fontSize, isBold: true)
      var label = Rectangle(x: box.x, y: box.y - size.height - 2 * padding, width: size.width + 2 * padding, height: size.height + 2 * padding)
      label.x = max(0, min(label.x, Double(base.width) - label.width))
      if label.y < 0 { label.y = box.y }  // no room above: inside the box
      while let other = taken.first(where: { overlap($0, label) }), other.y + other.height + label.height <= Double(base.height) {
        label.y = other.y + other.height
      }
      taken.append(label)
      let color = Color.distinct(detection.classIndex)
      canvas.fillRectangle(label, color: color)
      canvas.text(
        text, at: Point(x: label.x + padding, y: label.y + padding), size: fontSize, color: color.readableTextColor, anchor: .topLeft, isBold: true)
    }
    return canvas.image()
  }
}

extension Image {
  /// The picture at a size that can be drawn on and read: enlarged by a whole number from less than 480 pixels, shrunk from more than a canvas holds.
  fileprivate var drawable: Image {
    let largest = max(width, height), most = 32_767, factor = max(1, 480 / max(largest, 1))
    if factor > 1 { return resized(width: width * factor, height: height * factor) }
    if largest > most { return resized(width: max(1, width * most / largest), height: max(1, height * most / largest)) }
    return self
  }
}

private func overlap(_ a: Rectangle, _ b: Rectangle) -> Bool {
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
