import Files

/// What is wrong with a safetensors file, and where.
public enum SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be read or written.
  case file(FileError)
  /// The file is not what the format says. `tensor` is the name of the tensor concerned, nil for a problem of the whole file.
  case malformed(path: String, tensor: String?, problem: String)
  /// No tensor of this name is in the file.
  case missing(path: String, tensor: String, names: [String])
  /// A file cannot hold what it was to be written with.
  case unwritable(path: String, problem: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .malformed(let path, let tensor, let problem): "\(path)\(tensor.map { ", tensor \(quoted($0))" } ?? ""): \(problem)"
    case .missing(let path, let tensor, let names):
      "\(path): there is no tensor \(quoted(tensor)) among its \(names.count)"
        + (names.isEmpty ? "" : ", such as \(names.prefix(3).map(quoted).joined(separator: ", "))")
    case .unwritable(let path, let problem): "\(path): cannot be written: \(problem)"
    }
  }
}
