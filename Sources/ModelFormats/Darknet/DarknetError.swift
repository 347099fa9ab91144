import Files

/// What is wrong with a Darknet configuration or its weights, and where.
public enum DarknetError: Error, Equatable, CustomStringConvertible {
  /// A file cannot be read.
  case file(FileError)
  /// A configuration says something wrong or unsupported. `section` is the name in brackets, nil for a problem of the whole file.
  case configuration(path: String, line: Int, section: String?, problem: String)
  /// A weights file does not belong to the configuration, or is damaged.
  case weights(path: String, problem: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .configuration(let path, let line, let section, let problem):
      "\(path), line \(line)\(section.map { ", [\($0)]" } ?? ""): \(problem)"
    case .weights(let path, let problem): "\(path): \(problem)"
    }
  }
}
