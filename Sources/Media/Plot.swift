/// A plot of lines and points with axes, grid, legend and title, drawn as a picture.
///
/// ```swift
/// var plot = Plot(title: "Precision and recall", xLabel: "recall", yLabel: "precision")
/// plot.xRange = 0...1
/// plot.series.append(.init("dog", points: curve))
/// try saveImage(plot.image(), to: "precision-recall.png")
/// ```
public struct Plot: Sendable {
  public struct Series: Sendable {
    public enum Style: Sendable {
      case line, scatter, lineAndScatter
      /// From 0 to each point's y; series of bars stand side by side around the points' x, which should be whole numbers.
      case bars
    }

    /// For the legend; a series without a name is not listed.
    public var name: String
    /// In the numbers of the axes. A point that is not finite breaks the line.
    public var points: [Point]
    public var style: Style
    /// Nil: ``Color/distinct(_:)`` of the series' position.
    public var color: Color?

    public init(_ name: String, points: [Point], style: Style = .line, color: Color? = nil) {
      self.name = name
      self.points = points
      self.style = style
      self.color = color
    }
  }

  public var title: String
  public var xLabel: String
  public var yLabel: String
  public var series: [Series]
  /// What the axes show; nil: all points, with a margin.
  public var xRange: ClosedRange<Double>?
  public var yRange: ClosedRange<Double>?
  /// What x = 0, 1, 2 … are called, instead of numbers along the axis; the axis then shows all of them.
  public var xNames: [String] = []
  /// Of the picture, in pixels.
  public var width = 900
  public var height = 600

  public init(title: String = "", xLabel: String = "", yLabel: String = "", series: [Series] = []) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
  }

  private var shownX: ClosedRange<Double>? { xNames.isEmpty ? xRange : -0.5...Double(xNames.count) - 0.5 }

  /// Bars stand on 0.
  private var shownY: ClosedRange<Double>? {
    let bars = series.filter { $0.style == .bars }.flatMap(\.points).map(\.y).filter(\.isFinite)
    guard yRange == nil, !bars.isEmpty else { return yRange }
    let all = series.flatMap(\.points).map(\.y).filter(\.isFinite), low = min(0, all.min() ?? 0), high = max(0, all.max() ?? 0), room = 0.04 * (high - low)
    guard room.isFinite, room > 0 else { return nil }
    return (low < 0 ? low - room : 0)...(high > 0 ? high + room : 0)
  }

  /// The plot as a picture of `width` by `height` pixels.
  ///
  /// - Throws: ``ImageError`` when that is no size for a picture.
  public func image() throws(ImageError) -> Image {
    let canvas = try Canvas(width: width, height: height)
    let frame = PlotFrame(
      plot: self, canvas: canvas, xRange: PlotFrame.range(shownX, of: series, along: \.x), yRange: PlotFrame.range(shownY, of: series, along: \.y))
    frame.drawAxes()
    canvas.clipped(to: frame.clip) {
      for (index, series) in series.enumerated() {
        let color = series.color ?? .distinct(index)
        if series.style == .bars { frame.drawBars(of: index, color: color) } else { frame.draw(series, color: color) }
      }
    }
    frame.drawLegend()
    return canvas.image()
  }
}
