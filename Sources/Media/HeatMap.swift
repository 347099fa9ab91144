/// Numbers over two axes as colours: a picture with ticks, labels and a bar that tells which colour means which number. A pixel shows the largest of
/// the numbers that it covers.
public struct HeatMap: Sendable {
  public var title = ""
  public var xLabel = ""
  public var yLabel = ""
  /// What the bar of colours is in, such as “dB”.
  public var unit = ""
  /// [rows, columns], the lowest row first.
  public let values: [Float]
  public let rows: Int
  public let columns: Int
  /// What the left and the right edge mean.
  public var xRange: ClosedRange<Double>
  /// The numbers that the first and the last colour mean; what lies outside gets the nearest.
  public var colorRange: ClosedRange<Double>
  /// Ticks at the left: the part of the way up, and the label.
  public var yTicks: [(part: Double, label: String)] = []
  /// Of the picture, in pixels.
  public var width = 1000
  public var height = 600

  /// - Precondition: `values` has rows × columns numbers, at least one.
  public init(values: [Float], rows: Int, columns: Int, xRange: ClosedRange<Double>, colorRange: ClosedRange<Double>) {
    precondition(rows > 0 && columns > 0 && values.count == rows * columns, "\(values.count) numbers are not \(rows) rows of \(columns)")
    self.values = values
    self.rows = rows
    self.columns = columns
    self.xRange = xRange
    self.colorRange = colorRange
  }

  /// Ticks for an axis of equal steps.
  public static func linearTicks(_ range: ClosedRange<Double>, about count: Int) -> [(part: Double, label: String)] {
    let ticks = Ticks(in: range, about: count), span = range.upperBound - range.lowerBound
    return zip(ticks.values, ticks.labels).map { (part: span > 0 ? ($0 - range.lowerBound) / span : 0, label: $1) }
  }

  /// The picture of `width` by `height` pixels.
  ///
  /// - Throws: ``ImageError`` when that is no size for a picture.
  public func image() throws(ImageError) -> Image {
    let size = max(min(Double(width) / 60, Double(height) / 36), 6), ink = Color(gray: 0.2)
    let measure = try Canvas(width: width, height: height)
    let colorTicks = HeatMap.linearTicks(colorRange, about: 5)
    let xTicks = HeatMap.linearTicks(xRange, about: 10)
    func widest(_ labels: [String]) -> Double { labels.map { measure.textSize($0, size: size).width }.max() ?? 0 }
    let left = Int(widest(yTicks.map(\.label)) + size * (yLabel.isEmpty ? 2 : 4)), top = Int(size * (title.isEmpty ? 1.2 : 3.2))
    let right = Int(widest(colorTicks.map(\.label)) + size * 5), bottom = Int(size * (xLabel.isEmpty ? 2.6 : 4.6))
    let across = max(width - left - right, 1), down = max(height - top - bottom, 1)
    let barWidth = max(Int(size * 1.4), 1), barLeft = left + across + Int(size * 1.4)

    // The colours are pixels; everything else is drawn over them.
    var picture = Image(width: width, height: height, filledWith: (255, 255, 255))
    for y in 0..<max(0, min(down, height - top)) {
      let row = cells(down - 1 - y, of: down, among: rows)
      for x in 0..<max(0, min(across, width - left)) {
        var most = -Float.infinity
        let column = cells(x, of: across, among: columns)
        for r in row { for c in column { most = max(most, values[r * columns + c]) } }
        picture.set(color(most), x: left + x, y: top + y)
      }
      for x in 0..<barWidth where barLeft + x < width {
        picture.set(ColorScale.heat((Double(down - 1 - y) + 0.5) / Double(down)), x: barLeft + x, y: top + y)
      }
    }
    let canvas = try Canvas(picture)
    let area = Rectangle(x: Double(left), y: Double(top), width: Double(across), height: Double(down)), foot = area.y + area.height
    func tick(_ part: Double, _ label: String, at x: Double, toward direction: Double, anchor: TextAnchor) {
      let y = foot - part * area.height
      canvas.line(from: Point(x: x, y: y), to: Point(x: x + direction * size / 3, y: y), color: ink, lineWidth: 1)
      canvas.text(label, at: Point(x: x + direction * size * 0.6, y: y), size: size, color: ink, anchor: anchor)
    }
    for (part, label) in yTicks { tick(part, label, at: area.x, toward: -1, anchor: .right) }
    for (part, label) in colorTicks { tick(part, label, at: Double(barLeft + barWidth), toward: 1, anchor: .left) }
    for (part, label) in xTicks {
      let x = area.x + part * area.width
      canvas.line(from: Point(x: x, y: foot), to: Point(x: x, y: foot + size / 3), color: ink, lineWidth: 1)
      canvas.text(label, at: Point(x: x, y: foot + size / 2), size: size, color: ink, anchor: .top)
    }
    canvas.strokeRectangle(area, color: Color(gray: 0.4), lineWidth: 1)
    canvas.strokeRectangle(
      Rectangle(x: Double(barLeft), y: area.y, width: Double(barWidth), height: area.height), color: Color(gray: 0.4), lineWidth: 1)
    func fitted(_ text: String, at point: Point, size: Double, room: Double, anchor: TextAnchor, isBold: Bool = false, quarterTurns: Int = 0) {
      guard !text.isEmpty else { return }
      let width = canvas.textSize(text, size: size, isBold: isBold).width
      canvas.text(
        text, at: point, size: width > room ? size * room / width : size, color: ink, anchor: anchor, isBold: isBold, quarterTurns: quarterTurns)
    }
    let middle = Point(x: area.x + area.width / 2, y: area.y + area.height / 2)
    fitted(title, at: Point(x: middle.x, y: area.y - size), size: 1.35 * size, room: area.width, anchor: .baseline, isBold: true)
    fitted(xLabel, at: Point(x: middle.x, y: Double(height) - 0.6 * size), size: 1.1 * size, room: area.width, anchor: .bottom)
    fitted(yLabel, at: Point(x: 0.6 * size, y: middle.y), size: 1.1 * size, room: area.height, anchor: .top, quarterTurns: 1)
    fitted(unit, at: Point(x: Double(barLeft) + Double(barWidth) / 2, y: foot + size / 2), size: size, room: Double(right), anchor: .top)
    return canvas.image()
  }

  /// The cells that pixel `index` of `count` shows: at least one.
  private func cells(_ index: Int, of count: Int, among cells: Int) -> Range<Int> {
    let first = index * cells / count
    return first..<max(first + 1, (index + 1) * cells / count)
  }

  private func color(_ value: Float) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let span = colorRange.upperBound - colorRange.lowerBound
    return ColorScale.heat(span > 0 ? (Double(value) - colorRange.lowerBound) / span : 0)
  }
}

/// Colours for the numbers from 0 to 1.
package enum ColorScale {
  /// Black over violet, red and orange to a light yellow: brighter is more, in print without colours too. What is not a number is black.
  package static func heat(_ part: Double) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let place = part.isNaN ? 0 : max(0, min(1, part)) * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2), rest = place - Double(index)
    func mix(_ from: Double, _ to: Double) -> UInt8 { UInt8((from + (to - from) * rest).rounded()) }
    let (a, b) = (stops[index], stops[index + 1])
    return (mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
  }

  private static let stops: [(Double, Double, Double)] = [
    (2, 2, 10), (40, 12, 84), (100, 22, 116), (162, 42, 104), (216, 74, 68), (246, 130, 36), (252, 196, 66), (254, 250, 190),
  ]
}

extension Image {
  fileprivate mutating func set(_ color: (red: UInt8, green: UInt8, blue: UInt8), x: Int, y: Int) {
    let place = (y * width + x) * 3
    pixels[place] = color.red
    pixels[place + 1] = color.green
    pixels[place + 2] = color.blue
  }
}
