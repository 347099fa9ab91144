import Files

/// The records of a file of comma-separated values (RFC 4180), as texts.
///
/// Fields are separated by commas and records by LF, CRLF or CR. A field in quotation marks may hold all of these, and a quotation mark as two.
/// Records without any text are passed over. A byte order mark is too.
///
/// ```swift
/// for record in try CSVRecords.load("emoji.csv") { print(record.line, record.fields) }
/// ```
public enum CSVRecords {
  public struct Record: Sendable, Equatable {
    /// The line on which the record begins, from 1.
    public var line: Int
    public var fields: [String]

    public init(line: Int, fields: [String]) {
      self.line = line
      self.fields = fields
    }
  }

  /// - Throws: ``CSVError`` when the file cannot be read, is not UTF-8, or a quotation mark is out of place.
  public static func load(_ path: String, separator: Unicode.Scalar = ",") throws(CSVError) -> [Record] {
    var records: [Record] = []
    try read(path, separator: separator) { (record) throws(CSVError) in records.append(record) }
    return records
  }

  /// Calls `body` for each record.
  static func read(
    _ path: String, separator: Unicode.Scalar, _ body: (Record) throws(CSVError) -> Void
  ) throws(CSVError) {
    precondition(separator.isASCII)
    let bytes: [UInt8]
    do { bytes = try readFile(path) } catch { throw .file(error) }
    var splitter = CSVSplitter(bytes, separator: UInt8(ascii: separator), path: path)
    while let record = try splitter.next() {
      if record.fields != [""] { try body(record) }
    }
  }
}

/// Cuts bytes into records.
private struct CSVSplitter {
  private let bytes: [UInt8]
  private let separator: UInt8
  private let path: String
  private var position: Int
  private var line = 1

  init(_ bytes: [UInt8], separator: UInt8, path: String) {
    self.bytes = bytes
    self.separator = separator
    self.path = path
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  mutating func next() throws(CSVError) -> CSVRecords.Record? {
    guard position < bytes.count else { return nil }
    var record = CSVRecords.Record(line: line, fields: [])
    while true {
      record.fields.append(try field(record))
      guard position < bytes.count else { return record }
      let end = bytes[position]
      position += 1
      if end == separator { continue }
      if end == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
      line += 1
      return record
    }
  }

  /// A field, before whose end the splitter then stands.
  private mutating func field(_ record: CSVRecords.Record) throws(CSVError) -> String {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      let start = position
      while position < bytes.count, !isEnd(bytes[position]) {
        guard bytes[position] != UInt8(ascii: "\"") else {
          throw problem(record, "found a quotation mark inside a field; put the field in marks, and double the mark")
        }
        position += 1
      }
      return try text(bytes[start..<position], record)
    }
    position += 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard position < bytes.count else { return try text(content[...], record) }
        if bytes[position] != UInt8(ascii: "\"") {
          guard isEnd(bytes[position]) else { throw problem(record, "expected the end of the field after a quotation mark, found more text") }
          return try text(content[...], record)
        }
        position += 1
      }
      if byte == 0x0A || byte == 0x0D && (position == bytes.count || bytes[position] != 0x0A) { line += 1 }
      content.append(byte)
    }
    throw problem(record, "expected a quotation mark at the end of the field, found the end of the file")
  }

  private func isEnd(_ byte: UInt8) -> Bool { byte == separator || byte == 0x0A || byte == 0x0D }

  private func text(_ bytes: ArraySlice<UInt8>, _ record: CSVRecords.Record) throws(CSVError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw problem(record, "expected text in UTF-8, found other bytes") }
    return text
  }

  private func problem(_ record: CSVRecords.Record, _ text: String) -> CSVError {
    .malformed(path: path, line: record.line, column: record.fields.count + 1, problem: text)
  }
}
