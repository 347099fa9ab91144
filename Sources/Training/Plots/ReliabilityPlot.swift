public import Learning
public import Media

extension Reliability {
  /// How often what was said with a probability came true: on the diagonal where probabilities are what they say. Bins without examples are left out.
  public func plot(title: String) -> Plot {
    var plot = Plot(title: title, xLabel: "probability", yLabel: "how often it came true")
    plot.xRange = 0...1
    plot.yRange = 0...1
    let held = bins.filter { $0.count > 0 }
    plot.series = [
      Plot.Series("as it should be", points: [Point(x: 0, y: 0), Point(x: 1, y: 1)], color: Color(gray: 0.7)),
      Plot.Series("found", points: held.map { Point(x: $0.meanProbability, y: $0.frequency) }, style: .lineAndScatter, color: .distinct(0)),
    ]
    return plot
  }
}
