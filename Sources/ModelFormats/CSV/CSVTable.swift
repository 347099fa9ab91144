import Files
import Tensors

/// A table of numbers in a file of comma-separated values: a column a property, a row an example.
///
/// ```swift
/// let table = try CSVTable.load("planar_flower.csv")
/// print(table.columns, table.numbers.shape)  // ["x1", "x2", "y"] 400×3
/// ```
public struct CSVTable: Sendable, Equatable {
  /// Whether the first record names the columns.
  public enum Header: Sendable {
    case present, absent
    /// It does if none of its fields is a number or empty.
    case automatic
  }

  /// The names of the columns, without blanks around them; nil if the file names none.
  public let columns: [String]?
  /// [rows, columns].
  public let numbers: Tensor

  /// Reads a table. Numbers are decimal, with or without exponent, blanks around them; a missing or infinite one is an error, never a guess.
  ///
  /// - Throws: ``CSVError`` naming line and column.
  public static func load(_ path: String, header: Header = .automatic, separator: Unicode.Scalar = ",") throws(CSVError) -> CSVTable {
    var columns: [String]?
    var width: Int?
    var numbers: [Float] = []
    var rows = 0
    try CSVRecords.read(path, separator: separator) { (record) throws(CSVError) in
      if width == nil {
        width = record.fields.count
        let isHeader =
          switch header {
          case .present: true
          case .absent: false
          case .automatic: record.fields.allSatisfy { number($0) == nil && !trimmed($0).isEmpty }
          }
        if isHeader {
          columns = record.fields.map { String(trimmed($0)) }
          return
        }
      }
      guard record.fields.count == width else {
        throw .malformed(
          path: path, line: record.line, column: nil, problem: "expected \(width!) fields as in the first line, found \(record.fields.count)")
      }
      for (index, field) in record.fields.enumerated() {
        guard let value = number(field) else {
          let name = columns.map { " (\(quoted($0[index])))" } ?? ""
          let found = trimmed(field).isEmpty ? "nothing" : quoted(field)
          throw .malformed(path: path, line: record.line, column: index + 1, problem: "expected a number\(name), found \(found)")
        }
        numbers.append(value)
      }
      rows += 1
    }
    guard rows > 0, let width else { throw .malformed(path: path, line: 1, column: nil, problem: "expected rows of numbers, found none") }
    return CSVTable(columns: columns, numbers: Tensor([rows, width], numbers))
  }

  /// The place of the column called `name`, nil if there is none.
  public func column(_ name: String) -> Int? { columns?.firstIndex(of: name) }

  /// A finite decimal number; `nan`, `inf` and hexadecimal ones, which Swift would read, are none.
  private static func number(_ field: String) -> Float? {
    let text = trimmed(field)
    let isDecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    guard isDecimal, let value = Float(text), value.isFinite else { return nil }
    return value
  }

  private static func trimmed(_ field: String) -> Substring {
    guard let first = field.firstIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    let last = field.lastIndex { $0 != " " && $0 != "\t" }!
    return field[first...last]
  }
}
