public import Files

/// What kept objects from being found or counted, in words a user can act on.
public enum DetectionError: Error, Equatable, CustomStringConvertible {
  /// The file could not be read at all.
  case unreadable(FileError)
  /// The file's content is not what its kind promises.
  case malformed(file: String, problem: String)
  /// The network does not fit its description.
  case network(problem: String)

  public var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .malformed(let file, let problem): "\(file): \(problem)"
    case .network(let problem): problem
    }
  }
}
