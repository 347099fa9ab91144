/// What a command prints with `--json`: one document for all inputs.
struct ResultsDocument<Record: Encodable>: Encodable {
  /// Such as `percept.detect/1`.
  let schema: String
  let results: [Record]
  let failures: [FailureRecord]
}

/// An input that could not be read.
struct FailureRecord: Encodable {
  let file, error: String
}

/// What a command prints with `--jsonl` for an input: its fields beside the schema's name.
struct ResultLine<Record: Encodable>: Encodable {
  let schema: String
  let record: Record
  private enum Key: CodingKey { case schema }

  func encode(to encoder: any Encoder) throws {
    try record.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(schema, forKey: .schema)
  }
}
