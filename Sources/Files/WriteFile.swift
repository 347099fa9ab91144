import Glibc

/// Writes `bytes` to a new file beside `path` and renames it to `path`: a reader sees the old file or the whole new one, and nothing is left behind when
/// writing fails. `-` writes to standard output. A symbolic link stays, and the file it names is replaced; a replaced file's permissions are kept.
///
/// - Throws: ``FileError`` when the folder is missing, the folder or an existing file may not be written, or the disk is full.
public func writeFile(_ path: String, _ bytes: [UInt8]) throws(FileError) {
  if path == "-" { return try writeAll(bytes, to: STDOUT_FILENO, path: "standard output") }
  var status = stat()
  let exists = unsafe stat(path, &status) == 0
  if exists {
    if status.st_mode & S_IFMT == S_IFDIR { throw FileError(path: path, reason: .directory) }
    // Renaming would replace what its owner has protected.
    guard unsafe faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 else { throw FileError(path: path, errno: errno) }
  }
  if exists && status.st_mode & S_IFMT != S_IFREG {  // /dev/stdout, a pipe: there is nothing to rename onto
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, errno: errno) }
    defer { close(descriptor) }
    return try writeAll(bytes, to: descriptor, path: path)
  }

  let target = exists ? resolvingLinks(path) : path
  let beside = besideName(target)
  let descriptor = unsafe open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw errno == ENOENT ? FileError(path: path, reason: .missingFolder) : FileError(path: path, errno: errno) }
  var isDone = false
  defer { if !isDone { unsafe unlink(beside) } }
  do {
    defer { close(descriptor) }
    if exists { fchmod(descriptor, status.st_mode & 0o777) }
    try writeAll(bytes, to: descriptor, path: path)
  }
  guard unsafe rename(beside, target) == 0 else { throw FileError(path: path, errno: errno) }
  isDone = true
}

/// Writes `text` as UTF-8: see ``writeFile(_:_:)-([UInt8])``.
public func writeFile(_ path: String, _ text: String) throws(FileError) {
  try writeFile(path, Array(text.utf8))
}

/// Creates the folder `path` and those above it that are missing.
public func createFolder(_ path: String) throws(FileError) {
  var status = stat()
  if unsafe stat(path, &status) == 0 {
    guard status.st_mode & S_IFMT == S_IFDIR else { throw FileError(path: path, reason: .system(code: ENOTDIR)) }
    return
  }
  let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  if !parent.isEmpty { try createFolder(parent) }
  guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileError(path: path, errno: errno) }
}

/// Removes the file at `path`, if there is one: for what a command made for itself.
public func removeFile(_ path: String) { _ = unsafe unlink(path) }

/// Whether `path` is a folder that exists.
public func isFolder(_ path: String) -> Bool {
  var status = stat()
  return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// A name in the same folder that no other process uses, and that is short enough whatever the file is called.
func besideName(_ path: String) -> String {
  let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
  return "\(folder).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
}

/// The file that `path` names in the end, when it is a symbolic link.
func resolvingLinks(_ path: String) -> String {
  guard let resolved = unsafe realpath(path, nil) else { return path }
  defer { unsafe free(resolved) }
  return unsafe String(cString: resolved)
}

/// Writes all of `bytes`.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
  let failure: Int32 = unsafe bytes.withUnsafeBytes { buffer in
    var written = 0
    while written < buffer.count {
      let count = unsafe Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return errno }
      written += count
    }
    return 0
  }
  guard failure == 0 else { throw FileError(path: path, errno: failure) }
}
