import Foundation

/// The package that these tests look at, and the folder into which it was built.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The program that runs these tests; it stands beside the built commands and objects.
  static let testProgram = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
  static let products = testProgram.deletingLastPathComponent()

  static func text(_ path: String) throws -> String { try String(contentsOf: root.appending(path: path), encoding: .utf8) }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appending(path: path).path) }

  /// The files below `folder`, as paths from the root, whose names end in `suffix`.
  static func files(below folder: String, suffix: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    return (names.map { $0.compactMap { $0 as? String } } ?? []).filter { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }.sorted()
  }

  /// The objects that were compiled from a target's sources and linked into the commands or these tests; the folder may hold older ones.
  static func objects(of target: String) -> [String] { linkedObjects.filter { $0.contains("/\(target).build/") } }

  private static let linkedObjects: [String] = {
    let lists = ["percept", "detect", "perceptPackageTests"].map { products.appending(path: "\($0).product/Objects.LinkFileList") }
    let lines = lists.flatMap { ((try? String(contentsOf: $0, encoding: .utf8)) ?? "").split(separator: "\n") }
    return Set(lines.map { $0.trimmingCharacters(in: ["'"]) }).sorted()
  }()
}

/// Where a program is, or nil if it is not installed.
func installed(_ program: String) -> String? {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
  return folders.map { "\($0)/\(program)" }.first(where: FileManager.default.isExecutableFile(atPath:))
}
