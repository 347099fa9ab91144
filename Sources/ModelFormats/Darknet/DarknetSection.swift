/// One section of a ``DarknetConfiguration``. Options that nobody asks for, such as those of training, are ignored; an option that is asked for and is wrong
/// is an error.
public struct DarknetSection: Sendable {
  public struct Option: Sendable {
    public let key, value: String
    public let line: Int
  }

  /// The file it stands in.
  public let path: String
  /// What stands between the brackets.
  public let name: String
  public let line: Int
  public internal(set) var options: [Option] = []

  /// The option of this key, the first if there are several.
  public func option(_ key: String) -> Option? { options.first { $0.key == key } }

  /// The text of an option, nil if there is none.
  public func text(_ key: String) -> String? { option(key)?.value }

  /// A whole number within `range`.
  ///
  /// - Throws: ``DarknetError`` when the option is missing and has no default, is not a number, or outside `range`.
  public func integer(_ key: String, default fallback: Int? = nil, in range: ClosedRange<Int>) throws(DarknetError) -> Int {
    guard let option = option(key) else {
      guard let fallback else { throw error("expected \(key)=<whole number>, found no such option in this section; add it") }
      return fallback
    }
    return try integer(option.value[...], of: option, in: range)
  }

  /// Whether a number is given and not 0.
  public func flag(_ key: String) throws(DarknetError) -> Bool {
    try integer(key, default: 0, in: Int(Int32.min)...Int(Int32.max)) != 0
  }

  /// A finite number.
  public func number(_ key: String, default fallback: Float) throws(DarknetError) -> Float {
    guard let option = option(key) else { return fallback }
    return try number(option.value[...], of: option)
  }

  /// Whole numbers separated by commas, nil if there is no such option.
  public func integers(_ key: String, in range: ClosedRange<Int>) throws(DarknetError) -> [Int]? {
    guard let option = option(key) else { return nil }
    var result: [Int] = []
    for item in option.items { result.append(try integer(item, of: option, in: range)) }
    guard !result.isEmpty else { throw error("\(key): expected numbers separated by commas, found nothing", line: option.line) }
    return result
  }

  /// Finite numbers separated by commas, nil if there is no such option.
  public func numbers(_ key: String) throws(DarknetError) -> [Float]? {
    guard let option = option(key) else { return nil }
    var result: [Float] = []
    for item in option.items { result.append(try number(item, of: option)) }
    return result
  }

  /// An error about this section, or about `line` in it.
  public func error(_ problem: String, line: Int? = nil) -> DarknetError {
    .configuration(path: path, line: line ?? self.line, section: name, problem: problem)
  }

  /// Refuses options whose layers are another computation than the one built here.
  func refuse(_ keys: String...) throws(DarknetError) {
    for key in keys {
      guard let option = option(key), try number(option.value[...], of: option) != 0 else { continue }
      throw error("\(key)=\(option.value) is not supported", line: option.line)
    }
  }

  private func integer(_ text: Substring, of option: Option, in range: ClosedRange<Int>) throws(DarknetError) -> Int {
    guard let value = Int(text), range.contains(value) else {
      throw error(
        "\(option.key): expected a whole number from \(range.lowerBound) to \(range.upperBound), found “\(text.prefix(60))”", line: option.line)
    }
    return value
  }

  private func number(_ text: Substring, of option: Option) throws(DarknetError) -> Float {
    guard let value = Float(text), value.isFinite else {
      throw error("\(option.key): expected a number, found “\(text.prefix(60))”", line: option.line)
    }
    return value
  }
}

extension DarknetSection.Option {
  /// The parts between commas; Darknet's own files end some lists with a comma.
  fileprivate var items: [Substring] {
    let parts = value.split(separator: ",", omittingEmptySubsequences: false)
    return parts.last == "" ? parts.dropLast() : parts
  }
}
