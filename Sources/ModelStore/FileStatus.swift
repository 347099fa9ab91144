import Glibc

/// What the system tells about a file without opening it.
struct FileStatus: Equatable {
  var bytes: Int
  /// Time of the last change to its content, in nanoseconds since 1970.
  var changed: Int
  var isRegular: Bool
}

/// The status of the file at `path`, or `nil` when there is none that can be seen.
func fileStatus(_ path: String) -> FileStatus? {
  var status = stat()
  guard unsafe stat(path, &status) == 0 else { return nil }
  return FileStatus(
    bytes: Int(status.st_size), changed: Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec),
    isRegular: status.st_mode & S_IFMT == S_IFREG)
}

/// The names in a folder, without `.` and `..`; none when it cannot be read.
func names(inFolder path: String) -> [String] {
  guard let folder = unsafe opendir(path) else { return [] }
  defer { unsafe closedir(folder) }
  var names: [String] = []
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
      unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}
