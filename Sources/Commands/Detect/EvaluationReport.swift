import Detection
import Media

/// `percept.detect.evaluate/1`
struct EvaluationRecord: Encodable {
  struct Class: Encodable {
    let label: String
    let ap, ap50: Double
  }
  private let metrics: CocoMetrics
  private let classes: [Class]

  init(_ evaluation: CocoEvaluation) {
    metrics = evaluation.metrics
    classes = evaluation.classes.map { Class(label: $0.category.name, ap: rounded($0.ap, to: 6), ap50: rounded($0.ap50, to: 6)) }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("percept.detect.evaluate/1", forKey: Key("schema"))
    for metric in metrics.named { try container.encode(rounded(metric.value, to: 6), forKey: Key(metric.name)) }
    try container.encode(classes, forKey: Key("classes"))
  }
}

/// The measures as text: the summary, then each class that has annotations, the best first.
func evaluationTable(_ evaluation: CocoEvaluation) -> String {
  let meanings = [
    "ap": "AP, IoU 0.50 to 0.95", "ap50": "AP, IoU 0.50", "ap75": "AP, IoU 0.75", "ap_small": "AP, small objects", "ap_medium": "AP, medium objects",
    "ap_large": "AP, large objects", "ar1": "AR, 1 detection a picture", "ar10": "AR, 10 detections a picture", "ar100": "AR, 100 detections a picture",
    "ar_small": "AR, small objects", "ar_medium": "AR, medium objects", "ar_large": "AR, large objects",
  ]
  func line(_ name: String, _ numbers: [Double], width: Int) -> String {
    let cells = numbers.map { number in
      let text = decimal(number, digits: 3)
      return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }
    return "  " + name + String(repeating: " ", count: width - name.count) + cells.joined() + "\n"
  }
  var text = ""
  for metric in evaluation.metrics.named { text += line(meanings[metric.name] ?? metric.name, [metric.value], width: 30) }
  let measured = evaluation.classes.filter { $0.ap >= 0 }.sorted { $0.ap > $1.ap }
  guard !measured.isEmpty else { return text }
  let width = max(30, measured.reduce(0) { max($0, $1.category.name.count) })
  text += "\n  class" + String(repeating: " ", count: width - 5) + "      AP    AP50\n"
  for entry in measured { text += line(entry.category.name, [entry.ap, entry.ap50], width: width) }
  return text
}

/// Precision against recall, over all classes at IoU 0.50 and 0.75, and at 0.50 for the best classes, eight at most.
func precisionRecallPlot(_ evaluation: CocoEvaluation) -> Plot {
  func points(_ curve: PrecisionRecallCurve) -> [Point] { zip(PrecisionRecallCurve.recalls, curve.precisions).map { Point(x: $0, y: $1) } }
  var plot = Plot(title: "Precision and recall", xLabel: "recall", yLabel: "precision")
  plot.xRange = 0...1
  plot.yRange = 0...1
  if let curve = evaluation.curve50 { plot.series.append(Plot.Series("all, IoU 0.50", points: points(curve))) }
  if let curve = evaluation.curve75 { plot.series.append(Plot.Series("all, IoU 0.75", points: points(curve))) }
  let measured = evaluation.classes.filter { $0.ap50 >= 0 }
  guard measured.count > 1 else { return plot }
  for entry in measured.sorted(by: { $0.ap50 > $1.ap50 }).prefix(8) {
    if let curve = entry.curve50 { plot.series.append(Plot.Series("\(entry.category.name), IoU 0.50", points: points(curve))) }
  }
  return plot
}
