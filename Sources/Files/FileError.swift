import Glibc

/// What went wrong with a file, in words a user can act on.
public struct FileError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Sendable, Equatable {
    case missing, missingFolder, directory, notRegular, permission, tooLarge(limit: Int), noSpace
    case system(code: Int32)
  }
  public let path: String
  public let reason: Reason

  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// The error that the last system call left in `errno`.
  init(path: String, errno code: Int32) {
    let reason: Reason =
      switch code {
      case ENOENT, ENOTDIR: .missing
      case EISDIR: .directory
      case EACCES, EPERM: .permission
      case ENOSPC, EDQUOT: .noSpace
      default: .system(code: code)
      }
    self.init(path: path, reason: reason)
  }

  public var description: String {
    switch reason {
    case .missing: "\(path): there is no such file; check the spelling and the folder you are in"
    case .missingFolder: "\(path): the folder does not exist; create it first, for example with mkdir -p"
    case .notRegular: "\(path): found a pipe or device where a file was expected; copy its content to a file first"
    case .directory: "\(path): found a directory where a file was expected; name a file inside it"
    case .permission: "\(path): you have no permission; change it with chmod or choose another place"
    case .tooLarge(let limit): "\(path): larger than the limit of \(limit) bytes"
    case .noSpace: "\(path): the disk is full; free some space and run the command again"
    case .system(let code): unsafe "\(path): \(String(cString: strerror(code)))"
    }
  }
}
