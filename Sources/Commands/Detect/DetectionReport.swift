import Detection
import FoundationEssentials

/// How detections are printed.
enum OutputFormat: Sendable {
  case table, json, jsonLines, csv
}

/// Prints what was found, picture by picture, on standard output.
struct DetectionReport {
  private let schema = "percept.detect/1"
  private let format: OutputFormat
  private let model: String
  private var results: [PictureRecord] = []
  private var failures: [FailureRecord] = []

  init(format: OutputFormat, model: String) {
    self.format = format
    self.model = model
    if format == .csv { printOutput("file,label,class,confidence,x,y,width,height\n") }
  }

  mutating func add(_ found: PictureDetections, path: String) {
    switch format {
    case .table: printOutput(detectionTable(found, path: path))
    case .csv: printOutput(found.detections.map { csvLine($0, path: path) }.joined())
    case .json: results.append(PictureRecord(found, path: path, model: model))
    case .jsonLines: printOutput(jsonText(ResultLine(schema: schema, record: PictureRecord(found, path: path, model: model)), isPretty: false))
    }
  }

  mutating func addFailure(path: String, message: String) {
    switch format {
    case .table, .csv: break
    case .json: failures.append(FailureRecord(file: path, error: message))
    case .jsonLines: printOutput(jsonText(ResultLine(schema: schema, record: FailureRecord(file: path, error: message)), isPretty: false))
    }
  }

  func finish() {
    guard format == .json else { return }
    printOutput(jsonText(ResultsDocument(schema: schema, results: results, failures: failures), isPretty: true))
  }
}

private struct PictureRecord: Encodable {
  struct Found: Encodable {
    let label: String
    let `class`: Int
    let confidence: Double
    let box: [Double]
  }
  struct Times: Encodable {
    let decode, network, total: Double
  }
  let file: String
  let width, height: Int
  let model: String
  let detections: [Found]
  let milliseconds: Times

  init(_ found: PictureDetections, path: String, model: String) {
    file = path
    width = found.picture.originalWidth
    height = found.picture.originalHeight
    self.model = model
    detections = found.detections.map {
      Found(
        label: $0.label, class: $0.classIndex, confidence: rounded(Double($0.confidence), to: 4),
        box: [$0.box.x, $0.box.y, $0.box.width, $0.box.height].map { rounded($0, to: 2) })
    }
    milliseconds = Times(
      decode: rounded(found.decodeMilliseconds, to: 2), network: rounded(found.networkMilliseconds, to: 2),
      total: rounded(found.totalMilliseconds, to: 2))
  }
}

/// `value` as JSON, with a line break at the end; keys in alphabetical order.
func jsonText(_ value: some Encodable, isPretty: Bool) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = isPretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  guard let data = try? encoder.encode(value) else { preconditionFailure("strings, numbers and lists are always JSON") }
  return String(decoding: data, as: UTF8.self) + "\n"
}

/// The table of one picture, with a blank line after it.
func detectionTable(_ found: PictureDetections, path: String) -> String {
  let count = found.detections.count
  let sizes = "\(found.picture.originalWidth)×\(found.picture.originalHeight)"
  let summary = count == 0 ? "nothing found" : count == 1 ? "1 object" : "\(count) objects"
  var text = "\(path): \(sizes), \(summary), \(decimal(found.totalMilliseconds, digits: 0)) ms\n"
  let labelWidth = found.detections.reduce(0) { max($0, $1.label.count) }
  for detection in found.detections {
    let percent = "\(Int((detection.confidence * 100).rounded())) %"
    let box = detection.box
    let label = detection.label + String(repeating: " ", count: labelWidth - detection.label.count)
    let place = "at \(decimal(box.x, digits: 0)), \(decimal(box.y, digits: 0)), size \(decimal(box.width, digits: 0))×\(decimal(box.height, digits: 0))"
    text += "  \(label)  \(String(repeating: " ", count: max(0, 5 - percent.count)))\(percent)  \(place)\n"
  }
  return text
}

/// One line of RFC 4180.
func csvLine(_ detection: Detection, path: String) -> String {
  func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
  let box = detection.box
  let numbers = [decimal(Double(detection.confidence), digits: 4)] + [box.x, box.y, box.width, box.height].map { decimal($0, digits: 2) }
  return "\(quoted(path)),\(quoted(detection.label)),\(detection.classIndex),\(numbers.joined(separator: ","))\n"
}
