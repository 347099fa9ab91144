import Files
public import Graphs

/// The ranges of a network's values as a file, which `percept quantize` writes: JSON, schema `percept.quantize/1`.
///
/// `{"schema", "model", "pictures", "fingerprint", "ranges": [{"name", "lower", "upper"}]}`; the fingerprint is that of the network's small
/// constants, so that the file is not taken for another network's, or for other weights'.
public struct CalibrationFile: Sendable, Equatable {
  /// Where it was read from, for errors.
  public var path: String
  /// What the network was called.
  public var model: String
  /// How many pictures were looked at.
  public var pictures: Int
  public var fingerprint: String
  public var calibration: Calibration

  static let schema = "percept.quantize/1"

  public init(path: String, model: String, pictures: Int, graph: Graph, calibration: Calibration) {
    self.path = path
    self.model = model
    self.pictures = pictures
    self.calibration = calibration
    fingerprint = Self.fingerprint(of: graph)
  }

  /// Beside the weights, `x.int8.json` for `x.weights`.
  public static func defaultPath(weights: String) -> String {
    (weights.hasSuffix(".weights") ? String(weights.dropLast(".weights".count)) : weights) + ".int8.json"
  }

  /// - Throws: ``DetectionError`` when it cannot be read, is not JSON, or a value is missing or not what it should be, which it names.
  public init(path: String) throws(DetectionError) {
    let bytes: [UInt8]
    do { bytes = try readFile(path) } catch { throw .unreadable(error) }
    try self.init(json: bytes, path: path)
  }

  /// Reads a file's content; `path` is named in errors.
  public init(json: [UInt8], path: String) throws(DetectionError) {
    var schema: String?, model: String?, fingerprint: String?, pictures: Int?, ranges: [String: Calibration.Range]?
    var reader = JSONReader(json, file: path)
    try reader.object { (reader, key) throws(DetectionError) in
      switch key {
      case "schema": schema = try reader.text()
      case "model": model = try reader.text()
      case "fingerprint": fingerprint = try reader.text()
      case "pictures": pictures = try reader.wholeNumber()
      case "ranges": ranges = try Self.ranges(&reader, path: path)
      default: try reader.skip()
      }
    }
    try reader.finish()
    guard schema == Self.schema else {
      throw .malformed(file: path, problem: "schema is \(schema ?? "missing"), expected \(Self.schema), as `percept quantize` writes it")
    }
    guard let model, let fingerprint, let pictures, let ranges else {
      throw .malformed(file: path, problem: "expected model, fingerprint, pictures and ranges; make it again with `percept quantize`")
    }
    self.path = path
    self.model = model
    self.pictures = pictures
    self.fingerprint = fingerprint
    calibration = Calibration(ranges: ranges)
  }

  private static func ranges(_ reader: inout JSONReader, path: String) throws(DetectionError) -> [String: Calibration.Range] {
    var ranges: [String: Calibration.Range] = [:]
    _ = try reader.list { (reader) throws(DetectionError) in
      var name: String?, lower: Double?, upper: Double?
      try reader.object { (reader, key) throws(DetectionError) in
        switch key {
        case "name": name = try reader.text()
        case "lower": lower = try reader.number()
        case "upper": upper = try reader.number()
        default: try reader.skip()
        }
      }
      guard let name, let lower, let upper, lower <= upper, Float(lower).isFinite, Float(upper).isFinite else {
        throw .malformed(
          file: path, problem: "ranges: expected a name, and a lower number not above the upper one; make it again with `percept quantize`")
      }
      ranges[name] = Calibration.Range(lower: Float(lower), upper: Float(upper))
    }
    return ranges
  }

  /// The file's content, a line for each range in the order of names.
  public var json: String {
    let lines = calibration.ranges.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }.map { name, range in
      "    {\"name\": \(quoted(name)), \"lower\": \(range.lower), \"upper\": \(range.upper)}"
    }
    return """
      {
        "schema": "\(Self.schema)",
        "model": \(quoted(model)),
        "pictures": \(pictures),
        "fingerprint": "\(fingerprint)",
        "ranges": [
      \(lines.joined(separator: ",\n"))
        ]
      }

      """
  }

  /// What is wrong with the file for the network `graph`, nil if it belongs to it.
  func mismatch(with graph: Graph) -> String? {
    guard fingerprint == Self.fingerprint(of: graph), calibration.fits(graph) else {
      return "was made for other weights or another network (\(model)); make one for this with `percept quantize`"
    }
    return nil
  }

  /// FNV-1a of the names of all nodes and of the constants that are rows of numbers, biases and statistics.
  static func fingerprint(of graph: Graph) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for (index, node) in graph.nodes.enumerated() {
      for byte in node.name.utf8 { add(byte) }
      guard let value = graph.constantValue(index), value.shape.rank == 1 else { continue }
      let span = value.span
      for place in span.indices {
        let bits = span[place].bitPattern
        for byte in 0..<4 { add(UInt8(truncatingIfNeeded: bits >> (8 * byte))) }
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// A text as JSON has it.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case "\u{0}"..."\u{1f}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
