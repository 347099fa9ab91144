import Files

/// What is wrong with a `.npy` or `.npz` file, and where.
public enum NumPyError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be read or written.
  case file(FileError)
  /// The file is damaged, of another kind, larger than the limits, or holds what is no number. `array` is the name of the array in a `.npz` file.
  case malformed(path: String, array: String?, problem: String)
  /// No array of this name is in the file.
  case missing(path: String, array: String, names: [String])

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .malformed(let path, let array, let problem): "\(path)\(array.map { ", array \(quoted($0))" } ?? ""): \(problem)"
    case .missing(let path, let array, let names):
      "\(path): there is no array \(quoted(array)), expected one of \(names.prefix(10).map(quoted).joined(separator: ", "))"
    }
  }
}
