import TriggerWords

/// Prints when the phrase was said: a line for each event as soon as it is known, or JSON.
struct TriggerReport {
  private let schema = "percept.triggerword/1"
  private let format: OutputFormat
  private let model: String
  private let table: TextTable
  private var results: [TriggerRecord] = []
  private var failures: [FailureRecord] = []

  init(format: OutputFormat, model: String, paths: [String]) {
    self.format = format
    self.model = model
    table = TextTable(columns: [.text(paths.map(\.count).max() ?? 1), .number(8), .number(5)])
  }

  /// Tells of an event that is known now.
  func add(_ event: TriggerEvent, path: String, isLive: Bool) {
    switch format {
    case .table, .csv: printOutput(table.line([path, clockTime(event.end), decimal(Double(event.score), digits: 3)]))
    case .jsonLines where isLive: printOutput(jsonText(TriggerEventLine(file: path, event: TriggerRecord.Event(event)), isPretty: false))
    case .json, .jsonLines: break
    }
  }

  /// Tells of a sound that has ended.
  mutating func finish(_ events: [TriggerEvent], seconds: Double, path: String, isLive: Bool) {
    let record = TriggerRecord(file: path, seconds: rounded(seconds, to: 6), model: model, events: events.map(TriggerRecord.Event.init))
    switch format {
    case .json: results.append(record)
    case .jsonLines: if !isLive { printOutput(jsonText(ResultLine(schema: schema, record: record), isPretty: false)) }
    case .table, .csv: if events.isEmpty, !isLive { printOutput(table.line([path, "not said"])) }
    }
  }

  mutating func addFailure(path: String, message: String) {
    switch format {
    case .json: failures.append(FailureRecord(file: path, error: message))
    case .jsonLines: printOutput(jsonText(ResultLine(schema: schema, record: FailureRecord(file: path, error: message)), isPretty: false))
    case .table, .csv: break
    }
  }

  func finish() {
    guard format == .json else { return }
    printOutput(jsonText(ResultsDocument(schema: schema, results: results, failures: failures), isPretty: true))
  }
}

/// One sound of `percept.triggerword/1`.
private struct TriggerRecord: Encodable {
  struct Event: Encodable {
    let start, end, peak, score: Double

    init(_ event: TriggerEvent) {
      start = rounded(event.start, to: 3)
      end = rounded(event.end, to: 3)
      peak = rounded(event.peak, to: 3)
      score = rounded(Double(event.score), to: 4)
    }
  }
  let file: String
  let seconds: Double
  let model: String
  let events: [Event]
}

/// A line for an event of a live sound: `percept.triggerword-event/1`.
private struct TriggerEventLine: Encodable {
  let schema = "percept.triggerword-event/1"
  let file: String
  let event: TriggerRecord.Event

  private enum Key: CodingKey { case schema, file }

  func encode(to encoder: any Encoder) throws {
    try event.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(schema, forKey: .schema)
    try container.encode(file, forKey: .file)
  }
}

/// Seconds as `0:03.42` or `1:02:03.42`.
func clockTime(_ seconds: Double) -> String {
  let hundredths = Int((max(seconds, 0) * 100).rounded())
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let whole = hundredths / 100, hours = whole / 3600, fraction = two(hundredths % 100)
  return hours > 0
    ? "\(hours):\(two(whole / 60 % 60)):\(two(whole % 60)).\(fraction)" : "\(whole / 60):\(two(whole % 60)).\(fraction)"
}
