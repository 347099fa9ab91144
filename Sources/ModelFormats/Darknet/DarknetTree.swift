import Files

/// A hierarchy of classes (`9k.tree`): a line `name parent` a class, parents before children, −1 for a root. Neighbours with the same parent exclude one
/// another and share a softmax (Redmon & Farhadi 2016, section 4).
public struct DarknetTree: Sendable {
  public let names: [String]
  /// The parent of each class, nil for a root.
  public let parents: [Int?]
  /// The runs of classes that exclude one another, in order, covering all classes.
  public let groups: [Range<Int>]

  /// - Throws: ``DarknetError`` when a line is not a name and the number of an earlier line.
  public init(bytes: [UInt8], path: String) throws(DarknetError) {
    var names: [String] = [], parents: [Int?] = [], groups: [Range<Int>] = []
    var number = 0
    for raw in String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let words = raw.split(whereSeparator: \.isWhitespace)
      if words.isEmpty { continue }
      guard words.count == 2, let parent = Int(words[1]), parent >= -1, parent < names.count else {
        throw .configuration(
          path: path, line: number, section: nil,
          problem: "expected a class and the number of an earlier class or -1, found “\(raw.prefix(60))”")
      }
      if let last = groups.last, parents.last == .some(parent < 0 ? nil : parent) {
        groups[groups.count - 1] = last.lowerBound..<last.upperBound + 1
      } else {
        groups.append(names.count..<names.count + 1)
      }
      names.append(String(words[0]))
      parents.append(parent < 0 ? nil : parent)
    }
    self.names = names
    self.parents = parents
    self.groups = groups
  }
}

extension DarknetSection {
  /// The tree that `tree=` names, nil if it names none. Published configurations name a path of another machine, so it is looked for relative to the
  /// configuration, as it stands, and by its file name beside the configuration and in `../data`.
  func tree(classes: Int, limits: DarknetLimits) throws(DarknetError) -> DarknetTree? {
    guard let option = option("tree") else { return nil }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let name = option.value.split(separator: "/").last.map(String.init) ?? ""
    guard !name.isEmpty else { throw error("tree: expected a file, found nothing", line: option.line) }
    let candidates = [folder + option.value, option.value, folder + name, "\(folder)../data/\(name)"]
    for candidate in candidates {
      let bytes: [UInt8]
      do throws(FileError) {
        bytes = try readFile(candidate, atMost: limits.textBytes)
      } catch {
        if error.reason == .missing { continue }
        throw .file(error)
      }
      let tree = try DarknetTree(bytes: bytes, path: candidate)
      guard tree.names.count == classes else {
        throw error("tree: expected \(classes) classes, found \(tree.names.count) in \(candidate)", line: option.line)
      }
      return tree
    }
    let places = candidates.joined(separator: ", nor ")
    throw error("tree: there is no file \(places); put \(name) beside the configuration", line: option.line)
  }
}
