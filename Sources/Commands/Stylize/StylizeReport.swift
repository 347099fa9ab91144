import StyleTransfer

/// Prints what became of each picture.
struct StylizeReport {
  private let schema = "percept.stylize/1"
  private let command: StylizeCommand
  private var results: [StyleRecord] = []
  private var failures: [FailureRecord] = []

  init(_ command: StylizeCommand) { self.command = command }

  mutating func add(_ run: Stylization, content: String? = nil, output: String, seconds: Double) {
    let record = StyleRecord(run, content: content ?? command.pictures[0], styles: command.styles, output: output, seconds: seconds)
    if command.json {
      results.append(record)
    } else if command.jsonl {
      printOutput(jsonText(ResultLine(schema: schema, record: record), isPretty: false))
    } else {
      let losses = record.losses
      printOutput(
        "\(record.content): content \(decimal(losses.content, digits: 4)), style \(decimal(losses.style, digits: 4)) after \(record.iterations) steps, "
          + "\(decimal(seconds, digits: 1)) s\n")
    }
  }

  mutating func addFailure(path: String, message: String) {
    let record = FailureRecord(file: path, error: message)
    if command.json { failures.append(record) }
    if command.jsonl { printOutput(jsonText(ResultLine(schema: schema, record: record), isPretty: false)) }
  }

  func finish() {
    if command.json { printOutput(jsonText(ResultsDocument(schema: schema, results: results, failures: failures), isPretty: true)) }
  }
}

/// One picture of `percept.stylize/1`.
private struct StyleRecord: Encodable {
  struct Losses: Encodable {
    struct Layers: Encodable {
      let content, style: [String: Double]
    }
    let content, style, total, variation: Double
    let layers: Layers
  }
  let content, style, output: String
  let styles: [String]
  let width, height, iterations, windows: Int
  let losses: Losses
  let restarts: [String]
  let seconds: Double

  init(_ run: Stylization, content: String, styles: [String], output: String, seconds: Double) {
    func layers(_ layers: [StyleLosses.Layer]) -> [String: Double] {
      Dictionary(layers.map { ($0.name, rounded($0.loss, to: 8)) }, uniquingKeysWith: { first, _ in first })
    }
    let found = run.losses()
    self.content = content
    style = styles[0]
    self.styles = styles
    self.output = output
    (width, height, windows) = (run.width, run.height, run.windowCount)
    iterations = run.history.count
    losses = Losses(
      content: rounded(found.content, to: 8), style: rounded(found.style, to: 8), total: rounded(found.total, to: 8), variation: rounded(found.variation, to: 8),
      layers: .init(content: layers(found.contentLayers), style: layers(found.styleLayers)))
    restarts = run.restarts
    self.seconds = rounded(seconds, to: 2)
  }
}
