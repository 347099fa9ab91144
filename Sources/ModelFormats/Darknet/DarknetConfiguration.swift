import Files

/// A Darknet configuration (`.cfg`): sections in brackets, each followed by lines of `key=value`.
///
/// Read as Darknet reads it: white space counts nowhere, lines that start with `#` or `;` are comments, of a key given twice the first counts. Beyond that, a
/// `#` starts a comment within a line too.
public struct DarknetConfiguration: Sendable {
  public let path: String
  public let sections: [DarknetSection]

  /// Reads the file at `path`.
  ///
  /// - Throws: ``DarknetError`` when it cannot be read, is too large, holds no section, or a line is neither a section nor an option.
  public init(path: String, limits: DarknetLimits = DarknetLimits()) throws(DarknetError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try readFile(path, atMost: limits.textBytes)
    } catch {
      throw .file(error)
    }
    try self.init(bytes: bytes, path: path, limits: limits)
  }

  /// Reads `text`; `path` is what errors call it.
  public init(text: String, path: String, limits: DarknetLimits = DarknetLimits()) throws(DarknetError) {
    try self.init(bytes: Array(text.utf8), path: path, limits: limits)
  }
}

extension DarknetConfiguration {
  /// Reads the bytes of a configuration.
  public init(bytes: [UInt8], path: String, limits: DarknetLimits = DarknetLimits()) throws(DarknetError) {
    var sections: [DarknetSection] = []
    var number = 0
    for raw in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let line = raw.prefix { $0 != UInt8(ascii: "#") }.filter { !isWhiteSpace($0) }
      guard let first = line.first, first != UInt8(ascii: ";") else { continue }
      if first == UInt8(ascii: "[") {
        guard let end = line.firstIndex(of: UInt8(ascii: "]")), end > 1 else {
          throw .configuration(path: path, line: number, section: nil, problem: "expected a section like [net], found \(quoted(line))")
        }
        guard sections.count < limits.sections else {
          throw .configuration(path: path, line: number, section: nil, problem: "more than the limit of \(limits.sections) sections")
        }
        sections.append(DarknetSection(path: path, name: readable(line[1..<end]), line: number))
        continue
      }
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")), equals > 0 else {
        throw .configuration(
          path: path, line: number, section: sections.last?.name, problem: "expected key=value or [section], found \(quoted(line))")
      }
      guard !sections.isEmpty else {
        throw .configuration(path: path, line: number, section: nil, problem: "expected a section such as [net] first, found \(quoted(line))")
      }
      let option = DarknetSection.Option(key: readable(line[..<equals]), value: readable(line[(equals + 1)...]), line: number)
      sections[sections.count - 1].options.append(option)
    }
    guard !sections.isEmpty else {
      throw .configuration(
        path: path, line: number, section: nil, problem: "expected sections such as [net] and [convolutional], found none: is this a Darknet .cfg file?")
    }
    self.path = path
    self.sections = sections
  }
}

private func isWhiteSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }

/// Bytes of unknown origin as text that is safe to print.
private func readable(_ bytes: some Collection<UInt8>) -> String {
  var text = ""
  for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
    text.unicodeScalars.append(scalar.value < 32 || scalar.value == 127 ? "\u{FFFD}" : scalar)
  }
  return text
}

private func quoted(_ bytes: [UInt8]) -> String { "“\(readable(bytes.prefix(60)))\(bytes.count > 60 ? "…" : "")”" }
