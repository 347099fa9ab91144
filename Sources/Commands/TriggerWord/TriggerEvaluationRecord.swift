import Glibc
import Learning
import Media
import TriggerWords

/// `percept.triggerword-evaluation/1`.
struct TriggerEvaluationRecord: Encodable {
  struct Measure: Encodable {
    let value: Double
    /// Of 95 %.
    let lower, upper: Double

    init?(_ value: Double?, _ interval: ConfidenceInterval?) {
      guard let value, let interval else { return nil }
      self.value = rounded(value, to: 6)
      lower = rounded(interval.lower, to: 6)
      upper = rounded(interval.upper, to: 6)
    }
  }
  struct Working: Encodable {
    let threshold: Double
    let hits, falseRejects, falseAccepts: Int
    /// Null where the phrase is never said.
    let falseRejectRate: Measure?
    let falseAcceptsPerHour: Measure?

    init(_ counts: TriggerEvaluation.Counts) {
      threshold = Double("\(counts.threshold)") ?? Double(counts.threshold)  // all digits that tell it from its neighbours
      hits = counts.hits
      falseRejects = counts.falseRejects
      falseAccepts = counts.falseAccepts
      falseRejectRate = Measure(counts.falseRejectRate, counts.falseRejectInterval)
      falseAcceptsPerHour = Measure(counts.falseAcceptsPerHour, counts.falseAcceptInterval)
    }

    private enum CodingKeys: String, CodingKey {
      case threshold, hits
      case falseRejects = "false_rejects", falseAccepts = "false_accepts"
      case falseRejectRate = "false_reject_rate", falseAcceptsPerHour = "false_accepts_per_hour"
    }
  }
  struct Mistake: Encodable {
    let kind, file: String
    let time, score: Double
  }
  let schema = "percept.triggerword-evaluation/1"
  let model: String
  let clips, phrases: Int
  let hours, tolerance: Double
  let result: Working
  /// What was asked for with `--false-accepts`: null where no threshold reaches it.
  let wanted: Wanted?
  let curve: [Working]
  let mistakes: [Mistake]
  let failures: [FailureRecord]

  struct Wanted: Encodable {
    let rate: Double
    let result: Working?

    private enum CodingKeys: String, CodingKey { case result, rate = "false_accepts_per_hour" }
  }

  init(_ evaluation: TriggerEvaluation, model: String, threshold: Float, wanted rate: Double?, failures: [FailureRecord]) {
    self.model = model
    self.failures = failures
    clips = evaluation.clips.count
    phrases = evaluation.phraseCount
    hours = rounded(evaluation.hours, to: 6)
    tolerance = evaluation.tolerance
    result = Working(evaluation.counts(at: threshold))
    let points = evaluation.curve()
    curve = points.map(Working.init)
    wanted = rate.map { Wanted(rate: $0, result: TriggerEvaluation.threshold(in: points, falseAcceptsPerHour: $0).map(Working.init)) }
    mistakes = evaluation.mistakes(at: threshold).map {
      Mistake(kind: $0.kind.rawValue, file: evaluation.clips[$0.clip].path, time: rounded($0.time, to: 3), score: rounded(Double($0.score), to: 4))
    }
  }

  var table: String {
    let columns = TextTable(columns: [.text(24), .number(14), .number(12), .number(20)])
    var text = "\(clips) clips, \(decimal(hours, digits: hours < 1 ? 3 : 2)) hours, phrase said \(phrases) times\n\n"
    func lines(_ name: String, _ working: Working) {
      text += columns.line(["\(name) \(decimal(working.threshold, digits: 4))", "", "", "95 %"])
      if let rate = working.falseRejectRate {
        text += columns.line(
          ["  false rejects", "\(working.falseRejects) of \(phrases)", percent(rate.value), "\(percent(rate.lower)) to \(percent(rate.upper))"])
      }
      if let rate = working.falseAcceptsPerHour {
        text += columns.line(
          ["  false accepts", "\(working.falseAccepts)", "\(decimal(rate.value, digits: 2)) /h", "\(decimal(rate.lower, digits: 2)) to \(decimal(rate.upper, digits: 2)) /h"])
      }
    }
    lines("threshold", result)
    if let wanted {
      let rate = decimal(wanted.rate, digits: 2)
      if let result = wanted.result { lines("for \(rate) /h:", result) } else { text += "no threshold gives at most \(rate) false accepts an hour\n" }
    }
    guard !mistakes.isEmpty else { return text }
    let width = mistakes.map(\.file.count).max() ?? 1, rows = TextTable(columns: [.text(12), .text(width), .number(10), .number(6)])
    text += "\n" + rows.line(["mistake", "file", "time", "score"])
    for mistake in mistakes { text += rows.line([mistake.kind, mistake.file, clockTime(mistake.time), decimal(mistake.score, digits: 3)]) }
    return text
  }
}

/// False rejects against false accepts an hour, in powers of ten; no false accepts are drawn at the left edge.
func tradeoffPlot(_ record: TriggerEvaluationRecord, title: String) -> Plot {
  let lowest = -2  // a hundredth an hour
  func point(_ working: TriggerEvaluationRecord.Working) -> Point {
    let rate = working.falseAcceptsPerHour?.value ?? 0
    return Point(x: max(log10(max(rate, 1e-9)) - Double(lowest), -0.5), y: 100 * (working.falseRejectRate?.value ?? .nan))
  }
  var plot = Plot(title: "Detection error tradeoff: \(title)", xLabel: "false accepts an hour", yLabel: "false rejects, %")
  plot.xNames = ["0.01", "0.1", "1", "10", "100", "1000"]
  let curve = record.curve.map(point).filter { $0.x <= Double(plot.xNames.count) - 0.5 }
  plot.yRange = 0...max(5, min(100, (curve + [point(record.result)]).map(\.y).filter(\.isFinite).max() ?? 100))
  plot.series = [Plot.Series("all thresholds", points: curve, color: .distinct(0))]
  plot.series.append(
    Plot.Series("threshold \(decimal(record.result.threshold, digits: 3))", points: [point(record.result)], style: .scatter, color: .distinct(1)))
  if let wanted = record.wanted, let result = wanted.result {
    plot.series.append(
      Plot.Series("\(decimal(result.threshold, digits: 3)): at most \(decimal(wanted.rate, digits: 2)) /h", points: [point(result)], style: .scatter, color: .distinct(2)))
  }
  return plot
}
