public import Learning
public import Media

extension TrainingHistory {
  /// Loss and score over the epochs; the best epoch is marked.
  ///
  /// - Parameter score: what the scores are, for the legend.
  public func curves(title: String, score: String) -> Plot {
    var plot = Plot(title: title, xLabel: "epoch", yLabel: "loss, score")
    func points(_ value: (Epoch) -> Double?) -> [Point] {
      epochs.enumerated().compactMap { number, epoch in value(epoch).map { Point(x: Double(number + 1), y: $0) } }
    }
    plot.series = [Plot.Series("training loss", points: points { Double($0.loss) })]
    let scores = points(\.score)
    if !scores.isEmpty { plot.series.append(Plot.Series(score, points: scores)) }
    if let bestEpoch, let best = epochs[bestEpoch].score {
      plot.series.append(Plot.Series("best", points: [Point(x: Double(bestEpoch + 1), y: best)], style: .scatter))
    }
    return plot
  }
}
