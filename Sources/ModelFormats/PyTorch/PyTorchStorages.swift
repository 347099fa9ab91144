/// Where the numbers of storages lie.
enum PyTorchStorages {
  /// In a zip file, each in a member `folder/data/key`.
  case members(ZipArchive, folder: String)
  /// One behind the other, in the old format.
  case slices([String: ByteSlice])

  /// The bytes of a storage: a whole number of its numbers, at least as many as it claims.
  func bytes(of storage: PyTorchStorage) throws(FormatProblem) -> ByteSlice {
    let (needed, overflow) = storage.count.multipliedReportingOverflow(by: storage.kind.size)
    let found: ByteSlice
    switch self {
    case .members(let archive, let folder):
      guard let member = archive["\(folder)data/\(storage.key)"], !member.isDeflated else {
        throw FormatProblem("there is no storage \(quoted(storage.key)): the file is damaged")
      }
      // The writer may have left out checksums, and reading them all would read numbers that nobody asks for.
      found = try archive.contents(of: member, atMost: .max, isChecked: false)
    case .slices(let slices):
      guard let slice = slices[storage.key] else { throw FormatProblem("there is no storage \(quoted(storage.key)): the file is damaged") }
      found = slice
    }
    guard !overflow, needed <= found.count else {
      throw FormatProblem("expected \(storage.count) numbers in the storage \(quoted(storage.key)), found \(found.count) bytes: the file is damaged")
    }
    return found[0..<needed]
  }
}
