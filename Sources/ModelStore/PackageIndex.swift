import Files
import FoundationEssentials

/// Where packages come from, and the limits for what comes; tests set their own.
package struct PackageTools: Sendable {
  /// The index's address, instead of asking pip.
  package var index: String?
  /// The program that downloads Debian packages.
  package var aptGet = "apt-get"
  /// Limits for every download.
  package var connectSeconds: Int32 = 10
  package var stallSeconds: Int32 = 30
  /// Limits for every archive: members looked at, and bytes unpacked.
  package var memberLimit = 100_000
  package var byteLimit = 4 << 30

  package init() {}
}

/// A Python package index, read through the JSON form of the simple API (PEP 503, PEP 691). Packages are never built, installed or imported: their files
/// are archives from which a member is taken.
package struct PackageIndex {
  /// The root of the index, such as pip's `index-url`.
  package var address: String
  /// pip's `cert`, or `nil`.
  package var certificates: String?

  package init(address: String, certificates: String? = nil) {
    self.address = address
    self.certificates = certificates
  }

  /// One file of a package.
  package struct PackageFile: Decodable, Equatable {
    package var filename: String
    package var url: String
    package var hashes: [String: String]
    package var size: Int?
  }

  /// The index that pip uses here: by its environment and configuration, else the one built into pip.
  package static func configured() throws(SourceProblem) -> PackageIndex {
    let configuration = runTool(["python3", "-m", "pip", "config", "list"])
    var index = environment("PIP_INDEX_URL")
    let certificates = setting("cert", in: configuration.lines) ?? environment("PIP_CERT")
    guard setting("no-index", in: configuration.lines).map({ !["1", "true", "yes", "on"].contains($0) }) ?? true else {
      throw SourceProblem("pip is configured to use no index (no-index)")
    }
    index = index ?? setting("index-url", in: configuration.lines)
    if index == nil {
      guard configuration.status == 0 else {
        throw SourceProblem(
          "the address of the package index is asked from pip, but: \(configuration.lines.last ?? "no answer"); "
            + "run `apt-get install python3-pip`, or set PIP_INDEX_URL")
      }
      let builtIn = runTool(["python3", "-c", "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"])
      guard builtIn.status == 0, let line = builtIn.lines.last(where: { $0.contains("://") }) else {
        throw SourceProblem("pip did not tell the address of its package index: \(builtIn.lines.last ?? "no answer"); set PIP_INDEX_URL")
      }
      index = String(line)
    }
    return PackageIndex(address: index!, certificates: certificates)
  }

  /// A value in the lines of `pip config list` (`global.index-url='https://…'`), where the environment comes before the commands and those before `global`.
  package static func setting(_ name: String, in lines: [Substring]) -> String? {
    for section in [":env:", "download", "install", "global"] {
      guard let line = lines.first(where: { $0.hasPrefix("\(section).\(name)=") }) else { continue }
      let value = line.dropFirst(section.count + name.count + 2)
      let quote = value.first
      return String(quote == "'" || quote == "\"" ? value.dropFirst().dropLast() : value)
    }
    return nil
  }

  /// The page of a package: its name is normalised as PEP 503 says.
  package func page(of package: String) -> String {
    var name = ""
    for letter in package.lowercased() {
      let isSeparator = letter == "-" || letter == "_" || letter == "."
      if isSeparator && name.hasSuffix("-") { continue }
      name.append(isSeparator ? "-" : letter)
    }
    return (address.hasSuffix("/") ? address : address + "/") + name + "/"
  }

  /// The files of one version of a package, wheels first: they are the smaller ones. `page` is where the document came from.
  package static func files(ofVersion version: String, in document: [UInt8], page: String) throws(SourceProblem) -> [PackageFile] {
    struct Document: Decodable { var files: [PackageFile] }
    let all: [PackageFile]
    do { all = try JSONDecoder().decode(Document.self, from: Data(document)).files } catch {
      throw SourceProblem("\(withoutPassword(page)) is not a package index in JSON (PEP 691): \(jsonProblem(error))")
    }
    let wheels = all.filter { $0.filename.hasSuffix(".whl") && $0.filename.split(separator: "-").dropFirst().first.map { $0 == version } ?? false }
    let archives = all.filter { file in [".tar.gz", ".zip", ".tar.bz2"].contains { file.filename.hasSuffix("-\(version)\($0)") } }
    var found: [PackageFile] = []
    for var file in wheels.sorted(by: { $0.filename.hasSuffix("-any.whl") && !$1.filename.hasSuffix("-any.whl") }) + archives {
      guard let url = resolve(file.url, on: page), !file.filename.contains("/"), !file.filename.hasPrefix(".") else { continue }
      file.url = url
      found.append(file)
    }
    guard !found.isEmpty else { throw SourceProblem("the package index has no file of version \(version)") }
    return found
  }
}
