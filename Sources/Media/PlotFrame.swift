/// The layout of one ``Plot`` on its canvas: where numbers lie in pixels, and how each part is drawn.
struct PlotFrame {
  let plot: Plot
  let canvas: Canvas
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>
  let xTicks: Ticks
  let yTicks: Ticks
  /// The size of labels; everything else follows from it.
  let size: Double
  /// Inside the axes.
  let area: Rectangle

  private let ink = Color(gray: 0.2)

  init(plot: Plot, canvas: Canvas, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>) {
    self.plot = plot
    self.canvas = canvas
    self.xRange = xRange
    self.yRange = yRange
    let width = Double(plot.width), height = Double(plot.height)
    let size = max(min(width / 50, height / 32), 6)
    self.size = size
    yTicks = Ticks(in: yRange, about: max(Int(height / size / 5), 2))
    let labelWidth = yTicks.labels.map { canvas.textSize($0, size: size).width }.max() ?? 0
    let left = labelWidth + size * (plot.yLabel.isEmpty ? 1.6 : 3.6)
    let top = size * (plot.title.isEmpty ? 1.2 : 3.2)
    let bottom = size * (plot.xLabel.isEmpty ? 2.6 : 4.6)
    area = Rectangle(x: left.rounded(), y: top.rounded(), width: max((width - left - 1.8 * size).rounded(), 1), height: max((height - top - bottom).rounded(), 1))
    xTicks = plot.xNames.isEmpty ? Ticks(in: xRange, about: max(Int(area.width / size / 6), 2)) : Ticks(names: plot.xNames)
  }

  /// The range that was asked for, or one that shows all finite points with a margin of 4 %, and is never empty.
  static func range(_ wanted: ClosedRange<Double>?, of series: [Plot.Series], along axis: KeyPath<Point, Double>) -> ClosedRange<Double> {
    let values = series.lazy.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }.map { $0[keyPath: axis] }
    let low = wanted?.lowerBound ?? values.min() ?? 0, high = wanted?.upperBound ?? values.max() ?? 1
    guard low.isFinite && high.isFinite && (high - low).isFinite else { return 0...1 }
    if high - low <= abs(high) * 1e-12 {
      let room = max(abs(high) * 0.1, 1e-3)
      return (low - room)...(high + room)
    }
    let margin = wanted == nil ? 0.04 * (high - low) : 0
    return (low - margin)...(high + margin)
  }

  /// A little larger than the area, so that lines along its edges keep their width.
  var clip: Rectangle {
    let room = size / 4
    return Rectangle(x: area.x - room, y: area.y - room, width: area.width + 2 * room, height: area.height + 2 * room)
  }

  private func x(_ value: Double) -> Double { area.x + (value - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound) * area.width }
  private func y(_ value: Double) -> Double { area.y + (yRange.upperBound - value) / (yRange.upperBound - yRange.lowerBound) * area.height }

  /// The middle of the pixel row or column that `position` lies in: thin lines stay sharp there.
  private func sharp(_ position: Double) -> Double { position.rounded(.down) + 0.5 }

  func drawAxes() {
    let bottom = area.y + area.height, right = area.x + area.width
    let grid = Color(gray: 0.88)
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      let x = sharp(x(value))
      canvas.line(from: Point(x: x, y: area.y), to: Point(x: x, y: bottom), color: grid, lineWidth: 1)
      let room = plot.xNames.isEmpty ? .infinity : 0.95 * area.width / Double(plot.xNames.count)
      fitted(label, at: Point(x: x, y: bottom + 0.5 * size), size: size, room: room, anchor: .top)
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      let y = sharp(y(value))
      canvas.line(from: Point(x: area.x, y: y), to: Point(x: right, y: y), color: grid, lineWidth: 1)
      canvas.text(label, at: Point(x: area.x - 0.6 * size, y: y), size: size, color: ink, anchor: .right)
    }
    canvas.polyline(
      [Point(x: sharp(area.x), y: area.y), Point(x: sharp(area.x), y: sharp(bottom)), Point(x: right, y: sharp(bottom))],
      color: Color(gray: 0.45), lineWidth: 1)

    let middle = Point(x: area.x + area.width / 2, y: area.y + area.height / 2)
    fitted(plot.title, at: Point(x: middle.x, y: area.y - size), size: 1.35 * size, room: Double(plot.width), anchor: .baseline, isBold: true)
    fitted(plot.xLabel, at: Point(x: middle.x, y: Double(plot.height) - 0.6 * size), size: 1.1 * size, room: area.width, anchor: .bottom)
    fitted(plot.yLabel, at: Point(x: 0.6 * size, y: middle.y), size: 1.1 * size, room: Double(plot.height), anchor: .top, quarterTurns: 1)
  }

  /// A text that is made smaller where it would be longer than `room`.
  private func fitted(
    _ text: String, at point: Point, size: Double, room: Double, anchor: TextAnchor, isBold: Bool = false, quarterTurns: Int = 0
  ) {
    guard !text.isEmpty else { return }
    let width = canvas.textSize(text, size: size, isBold: isBold).width
    let size = width > room ? size * room / width : size
    canvas.text(text, at: point, size: size, color: ink, anchor: anchor, isBold: isBold, quarterTurns: quarterTurns)
  }

  func draw(_ series: Plot.Series, color: Color) {
    let places = series.points.map { Point(x: x($0.x), y: y($0.y)) }
    if series.style != .scatter {
      for run in places.split(whereSeparator: { !$0.isDrawable }) { canvas.polyline(Array(run), color: color, lineWidth: size / 7) }
    }
    if series.style != .line {
      for place in places where place.isDrawable { canvas.fillCircle(center: place, radius: size / 4, color: color) }
    }
  }

  /// Four fifths of the way from one whole number to the next are shared out among the series that are bars.
  func drawBars(of index: Int, color: Color) {
    let bars = plot.series.indices.filter { plot.series[$0].style == .bars }, place = bars.firstIndex(of: index) ?? 0
    let width = 0.8 / Double(bars.count)
    for point in plot.series[index].points {
      let start = point.x - 0.4 + width * Double(place), ends = [Point(x: x(start), y: y(0)), Point(x: x(start + width), y: y(point.y))]
      guard ends.allSatisfy(\.isDrawable) else { continue }
      let top = min(ends[0].y, ends[1].y), gap = min(1, (ends[1].x - ends[0].x) / 8)
      canvas.fillRectangle(
        Rectangle(x: ends[0].x + gap, y: top, width: max(ends[1].x - ends[0].x - 2 * gap, 0), height: abs(ends[1].y - ends[0].y)), color: color)
    }
  }

  /// Names of the series in the corner that hides the fewest points; those beyond the room are counted in a last line.
  func drawLegend() {
    let named = plot.series.enumerated().filter { !$0.element.name.isEmpty }
    guard !named.isEmpty else { return }
    let lineHeight = 1.5 * size
    let room = max(Int((area.height - 2 * size) / lineHeight), 1)
    let shown = named.count <= room ? named : Array(named.prefix(room - 1))
    var texts = shown.map(\.element.name)
    if shown.count < named.count { texts.append("and \(named.count - shown.count) more") }
    let swatch = 1.8 * size
    let width = (texts.map { canvas.textSize($0, size: size).width }.max() ?? 0) + swatch + 1.8 * size
    let height = Double(texts.count) * lineHeight + 0.8 * size
    let box = emptiestCorner(width: width, height: height)

    canvas.fillRectangle(box, color: .white.withAlpha(0.85), cornerRadius: size / 4)
    canvas.strokeRectangle(box, color: Color(gray: 0.8), lineWidth: 1, cornerRadius: size / 4)
    for (row, text) in texts.enumerated() {
      let y = box.y + 0.4 * size + (Double(row) + 0.5) * lineHeight
      let start = box.x + 0.7 * size
      canvas.text(text, at: Point(x: start + swatch + 0.5 * size, y: y), size: size, color: ink, anchor: .left)
      guard row < shown.count else { continue }
      let series = shown[row].element, color = series.color ?? .distinct(shown[row].offset)
      if series.style == .bars {
        canvas.fillRectangle(Rectangle(x: start, y: y - 0.35 * size, width: swatch, height: 0.7 * size), color: color)
        continue
      }
      if series.style != .scatter {
        canvas.line(from: Point(x: start, y: y), to: Point(x: start + swatch, y: y), color: color, lineWidth: size / 7)
      }
      if series.style != .line { canvas.fillCircle(center: Point(x: start + swatch / 2, y: y), radius: size / 4, color: color) }
    }
  }

  private func emptiestCorner(width: Double, height: Double) -> Rectangle {
    let near = sharp(area.x + 0.8 * size), far = sharp(area.x + area.width - width - 0.8 * size)
    let high = sharp(area.y + 0.8 * size), low = sharp(area.y + area.height - height - 0.8 * size)
    let corners = [(far, high), (near, high), (far, low), (near, low)].map { Rectangle(x: $0, y: $1, width: width, height: height) }
    let covered = corners.map { box in plot.series.reduce(0) { $0 + pointsCovered(of: $1, by: box) } }
    return corners[covered.indices.min { covered[$0] < covered[$1] }!]
  }

  /// How much of a series lies in `box`: its points, and eight places along each line between them.
  private func pointsCovered(of series: Plot.Series, by box: Rectangle) -> Int {
    let places = series.points.map { Point(x: x($0.x), y: y($0.y)) }
    func isInside(_ place: Point) -> Bool {
      place.x >= box.x && place.x <= box.x + box.width && place.y >= box.y && place.y <= box.y + box.height
    }
    var count = places.count(where: isInside)
    if series.style == .bars {
      let foot = y(0)
      count += places.reduce(0) { sum, top in sum + (1..<8).count { isInside(Point(x: top.x, y: foot + (top.y - foot) * Double($0) / 8)) } }
    } else if series.style != .scatter {
      for (a, b) in zip(places, places.dropFirst()) {
        count += (1..<8).count { isInside(Point(x: a.x + (b.x - a.x) * Double($0) / 8, y: a.y + (b.y - a.y) * Double($0) / 8)) }
      }
    }
    return count
  }
}

extension Point {
  /// cairo's coordinates are 24-bit integers with a fraction.
  fileprivate var isDrawable: Bool { abs(x) < 1e6 && abs(y) < 1e6 }
}
