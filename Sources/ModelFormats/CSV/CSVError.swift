import Files

/// What is wrong with a table of comma-separated values, and where.
public enum CSVError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be read.
  case file(FileError)
  /// `line` counts from 1, as an editor does, and names the line on which the record begins; `column` counts fields from 1, nil for a problem of the
  /// whole record.
  case malformed(path: String, line: Int, column: Int?, problem: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .malformed(let path, let line, let column, let problem): "\(path), line \(line)\(column.map { ", column \($0)" } ?? ""): \(problem)"
    }
  }
}
