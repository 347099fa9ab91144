import Kernels
import Learning
import Media
import Tensors

extension Plot {
  /// Costs over iterations.
  static func costs(_ title: String, _ runs: [(name: String, costs: [(iteration: Int, cost: Float)])], largest: Double? = nil) -> Plot {
    var plot = Plot(title: title, xLabel: "iteration", yLabel: "cost")
    plot.series = runs.map { run in
      Series(run.name, points: run.costs.map { Point(x: Double($0.iteration), y: Double($0.cost)) })
    }
    if let largest { plot.yRange = 0...largest }
    return plot
  }

  /// What a network says of each place of the plane, in pale colours, and the examples.
  static func boundary(_ title: String, of network: some Layer, _ examples: Examples, _ processor: Processor) -> Plot {
    var plot = Plot(title: title, xLabel: "x₁", yLabel: "x₂")
    let values = examples.x.elements, classes = examples.y.elements, first = Color.distinct(4), second = Color.distinct(0)
    let x = range(values, from: 0), y = range(values, from: 1), columns = 130, rows = 84
    plot.xRange = x
    plot.yRange = y
    let xStep = (x.upperBound - x.lowerBound) / Double(columns), yStep = (y.upperBound - y.lowerBound) / Double(rows)
    var grid: [Point] = []
    for row in 0..<rows {
      for column in 0..<columns {
        grid.append(Point(x: x.lowerBound + xStep * (Double(column) + 0.5), y: y.lowerBound + yStep * (Double(row) + 0.5)))
      }
    }
    let logits = network.logits(of: Tensor([grid.count, 2], grid.flatMap { [Float($0.x), Float($0.y)] }), on: processor)
    func places(saying isPositive: Bool) -> [Point] { grid.indices.filter { (logits[$0] > 0) == isPositive }.map { grid[$0] } }
    func points(of label: Float) -> [Point] {
      classes.indices.filter { classes[$0] == label }.map { Point(x: Double(values[2 * $0]), y: Double(values[2 * $0 + 1])) }
    }
    plot.series = [
      Series("", points: places(saying: false), style: .scatter, color: pale(first)),
      Series("", points: places(saying: true), style: .scatter, color: pale(second)),
      Series("class 0", points: points(of: 0), style: .scatter, color: first),
      Series("class 1", points: points(of: 1), style: .scatter, color: second),
    ]
    return plot
  }

  /// What an axis shows of every second number: all of them, with a margin.
  private static func range(_ values: [Float], from offset: Int) -> ClosedRange<Double> {
    let own = stride(from: offset, to: values.count, by: 2).map { Double(values[$0]) }, low = own.min() ?? 0, high = own.max() ?? 1
    let margin = 0.08 * max(high - low, 1e-3)
    return low - margin...high + margin
  }

  private static func pale(_ color: Color) -> Color {
    Color(red: 0.75 + 0.25 * color.red, green: 0.75 + 0.25 * color.green, blue: 0.75 + 0.25 * color.blue)
  }
}
