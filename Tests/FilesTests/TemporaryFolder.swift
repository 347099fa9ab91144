import Files
import FoundationEssentials
import Glibc

/// A folder that is deleted with its content when the test is over.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = "/tmp/percept-tests-\(UInt64.random(in: 0 ... .max))"
  try createFolder(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// The names in a folder, sorted.
func names(in folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

/// Runs `body` bound by file permissions, as root is not: on this thread, files then belong to nobody.
func asOrdinaryUser(_ body: () throws -> Void) rethrows {
  let isRoot = geteuid() == 0
  if isRoot { setfsuid(65_534) }
  defer { if isRoot { setfsuid(0) } }
  try body()
}

/// Sets whose files the calling thread may touch (Linux; not in the Glibc module).
@_silgen_name("setfsuid") @discardableResult private func setfsuid(_ user: UInt32) -> Int32
