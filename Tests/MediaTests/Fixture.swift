import Files
import FoundationEssentials
import Glibc
import Media
import Testing

/// A small picture of one kind, and what its upright pixels are on white: see Fixtures/make_pictures.py.
struct Fixture: Decodable, Sendable, CustomTestStringConvertible {
  let file: String
  let width: Int
  let height: Int
  /// The largest difference of one channel of one pixel: 0 for PNG, and for JPEG what versions of libjpeg differ by in rounding.
  let tolerance: Int
  let rgb: String

  var testDescription: String { file }
  var path: String { Fixture.folder + "pictures/" + file }

  var pixels: [UInt8] {
    let digits = rgb.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  func bytes() throws -> [UInt8] { try readFile(path) }

  static let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/Fixtures/"
  static let all: [Fixture] = {
    do { return try JSONDecoder().decode([Fixture].self, from: Data(readFile(folder + "pictures.json"))) } catch { return [] }
  }()

  static func named(_ file: String) throws -> Fixture { try #require(all.first { $0.file == file }) }
}

/// The largest difference between two lists of channels.
func largestDifference(_ a: [UInt8], _ b: [UInt8]) -> Int {
  a.count == b.count ? zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? 0 : .max
}

/// A folder that is deleted with its content when the test is over.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = "/tmp/percept-tests-\(UInt64.random(in: 0 ... .max))"
  try createFolder(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// Runs `body` bound by file permissions, as root is not: on this thread, files then belong to nobody.
func asOrdinaryUser(_ body: () throws -> Void) rethrows {
  let isRoot = geteuid() == 0
  if isRoot { setfsuid(65_534) }
  defer { if isRoot { setfsuid(0) } }
  try body()
}

/// Sets whose files the calling thread may touch (Linux; not in the Glibc module).
@_silgen_name("setfsuid") @discardableResult private func setfsuid(_ user: UInt32) -> Int32
