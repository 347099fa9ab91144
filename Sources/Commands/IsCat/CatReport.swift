import Cats

/// Prints what was said of each picture.
struct CatReport {
  private let schema = "percept.iscat/1"
  private let format: OutputFormat
  private let threshold: Float
  private let showsBreeds: Bool
  private var results: [CatRecord] = []
  private var failures: [FailureRecord] = []

  init(format: OutputFormat, threshold: Float, showsBreeds: Bool) {
    self.format = format
    self.threshold = threshold
    self.showsBreeds = showsBreeds
  }

  /// Returns whether the answer is yes.
  mutating func add(_ answer: CatAnswer, path: String) -> Bool {
    let record = CatRecord(answer, path: path, threshold: threshold)
    switch format {
    case .json: results.append(record)
    case .jsonLines: printOutput(jsonText(ResultLine(schema: schema, record: record), isPretty: false))
    case .table, .csv: printOutput(text(answer, record))
    }
    return record.cat
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

  private func text(_ answer: CatAnswer, _ record: CatRecord) -> String {
    var text = "\(record.file): \(record.cat ? "cat" : "no cat"), \(percent(answer.probability))\n"
    guard showsBreeds, record.cat else { return text }
    for (breed, probability) in answer.breeds where probability >= 0.01 { text += "  \(breed.name) \(percent(probability))\n" }
    return text
  }

  private func percent(_ probability: Float) -> String { "\(decimal(100 * Double(probability), digits: 1)) %" }
}

/// One picture of `percept.iscat/1`.
private struct CatRecord: Encodable {
  struct Breed: Encodable {
    let name: String
    let probability: Double
  }
  let file: String
  let cat: Bool
  let probability: Double
  /// The most likely breed; null where there is no cat.
  let breed: String?
  let breeds: [Breed]

  init(_ answer: CatAnswer, path: String, threshold: Float) {
    file = path
    cat = answer.probability >= threshold
    probability = rounded(Double(answer.probability), to: 6)
    breed = cat ? answer.breed?.name : nil
    breeds = answer.breeds.map { Breed(name: $0.breed.name, probability: rounded(Double($0.probability), to: 6)) }
  }

  private enum Key: CodingKey { case file, cat, probability, breed, breeds }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(file, forKey: .file)
    try container.encode(cat, forKey: .cat)
    try container.encode(probability, forKey: .probability)
    try container.encode(breed, forKey: .breed)  // null, rather than left out
    try container.encode(breeds, forKey: .breeds)
  }
}
