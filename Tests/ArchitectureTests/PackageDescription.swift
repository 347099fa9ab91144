import Foundation
import TestSupport

/// What `swift package dump-package` tells of the package.
struct PackageDescription: Decodable {
  struct Target: Decodable {
    var name: String
    var type: String
    /// Where its files are, when that is not the usual folder.
    var path: String?
    var dependencies: [Dependency]
  }

  /// A target, or a product of another package: JSON spells each as an array under the name of its kind.
  struct Dependency: Decodable {
    var name: String

    private enum Kind: String, CodingKey, CaseIterable { case byName, target, product }

    init(from decoder: any Decoder) throws {
      let kinds = try decoder.container(keyedBy: Kind.self)
      guard let kind = Kind.allCases.first(where: kinds.contains) else {
        throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "a dependency of an unknown kind"))
      }
      var values = try kinds.nestedUnkeyedContainer(forKey: kind)
      name = try values.decode(String.self)
    }
  }

  var targets: [Target]

  /// The targets that users get; what only tests link lies with them.
  var sources: [Target] { targets.filter { $0.type != "test" && $0.path?.hasPrefix("Tests/") != true } }

  /// The manifest as SwiftPM reads it, with a scratch folder of its own: the usual one is locked while tests run.
  static let current = Result {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "percept-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    guard let swift = installed("swift") else { throw CocoaError(.fileNoSuchFile) }
    let arguments = ["package", "dump-package", "--package-path", Repository.root.path, "--scratch-path", scratch]
    let result = try run(swift, arguments)
    guard result.status == 0 else { throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: result.errors)) }
    return try JSONDecoder().decode(PackageDescription.self, from: Data(result.output.utf8))
  }
}
