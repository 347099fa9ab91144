import Files

/// What is wrong with a file of PyTorch, and where.
public enum PyTorchError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be read.
  case file(FileError)
  /// The file holds something other than tensors, texts and numbers: `name` is the class or function that it asks for. Nothing of it was run.
  case refused(path: String, name: String)
  /// The file is damaged, of another kind, or larger than the limits.
  case malformed(path: String, problem: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .refused(let path, let name):
      "\(path): asks for \(quoted(name)), which is not among the constructors of tensors that are read here; nothing was run. "
        + "Save the network's state_dict() instead of the network"
    case .malformed(let path, let problem): "\(path): \(problem)"
    }
  }
}
