/// Reads a JSON document (RFC 8259) value by value, straight into what is wanted, and skips the rest: annotation files hold many megabytes of outlines.
///
/// Errors say where they stand, as in `annotations[3].bbox`. Of repeated keys each is given, in order.
struct JSONReader {
  private enum Step {
    case key(String), index(Int)
  }

  /// How deeply lists and objects may be nested.
  private static let deepest = 200

  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  private var path: [Step] = []

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }  // a byte order mark
  }

  // MARK: Values

  /// Calls `member` for each member of an object, to read its value.
  mutating func object(_ member: (inout JSONReader, _ key: String) throws(DetectionError) -> Void) throws(DetectionError) {
    try open("{", "an object")
    guard !take("}") else { return }
    let depth = path.count
    repeat {
      guard next == UInt8(ascii: "\"") else { throw notJSON() }
      let key = try string()
      guard take(":") else { throw notJSON() }
      path.append(.key(key))
      try member(&self, key)
      path.removeSubrange(depth...)
    } while take(",")
    guard take("}") else { throw notJSON() }
  }

  /// Calls `element` for each element of a list, to read it.
  mutating func list<Element>(
    _ element: (inout JSONReader) throws(DetectionError) -> Element
  ) throws(DetectionError) -> [Element] {
    try open("[", "a list")
    var elements: [Element] = []
    guard !take("]") else { return elements }
    let depth = path.count
    repeat {
      path.append(.index(elements.count))
      elements.append(try element(&self))
      path.removeSubrange(depth...)
    } while take(",")
    guard take("]") else { throw notJSON() }
    return elements
  }

  mutating func text() throws(DetectionError) -> String {
    guard next == UInt8(ascii: "\"") else { throw unexpected("a text") }
    return try string()
  }

  mutating func number() throws(DetectionError) -> Double { try decimal("a number").value }

  /// A number without a fraction, also when it is written with a zero one.
  mutating func wholeNumber() throws(DetectionError) -> Int {
    let decimal = try decimal("a whole number")
    guard let number = decimal.whole ?? Int(exactly: decimal.value) else {
      throw problem("\(place) is \(decimal.value), expected a whole number")
    }
    return number
  }

  /// true, false, or a number that is not 0.
  mutating func flag() throws(DetectionError) -> Bool {
    if takeWord("true") { return true }
    if takeWord("false") { return false }
    return try decimal("0 or 1").value != 0
  }

  mutating func skip() throws(DetectionError) {
    switch next {
    case UInt8(ascii: "{"): try object { (reader, _) throws(DetectionError) in try reader.skip() }
    case UInt8(ascii: "["): _ = try list { (reader) throws(DetectionError) in try reader.skip() }
    case UInt8(ascii: "\""): _ = try string()
    default:
      if takeWord("true") || takeWord("false") || takeWord("null") { return }
      _ = try number()
    }
  }

  /// Whether the value was null, which is then read.
  mutating func isNull() -> Bool { takeWord("null") }

  /// Checks that nothing follows the document.
  mutating func finish() throws(DetectionError) {
    guard next == nil else { throw notJSON() }
  }

  // MARK: Errors

  /// `value`, which was to be found in the object that was read last.
  func required<Value>(_ value: Value?, _ key: String) throws(DetectionError) -> Value {
    guard let value else { throw problem("\(place) has no \"\(key)\"") }
    return value
  }

  func problem(_ text: String) -> DetectionError { .malformed(file: file, problem: text) }

  /// Where in the document the reader stands.
  var place: String {
    guard !path.isEmpty else { return "the document" }
    return path.reduce(into: "") { text, step in
      switch step {
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      case .index(let index): text += "[\(index)]"
      }
    }
  }

  private func notJSON() -> DetectionError {
    guard position < bytes.count else { return problem("the file is empty or cut short: found its end, expected more JSON") }
    let line = bytes[..<position].count { $0 == UInt8(ascii: "\n") } + 1
    return problem("line \(line) is not JSON, at byte \(position) of the file (\(place))")
  }

  /// The error for a value of another kind than expected, which the reader stands before.
  private mutating func unexpected(_ expected: String) -> DetectionError {
    let found: String? =
      switch next {
      case UInt8(ascii: "{"): "an object"
      case UInt8(ascii: "["): "a list"
      case UInt8(ascii: "\""): "a text"
      case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): "a number"
      default: takeWord("null") ? "null" : takeWord("true") || takeWord("false") ? "true or false" : nil
      }
    guard let found else { return notJSON() }
    return problem("\(place) is \(found), expected \(expected)")
  }

  // MARK: Bytes

  /// The next byte that is not white space, which the reader then stands at.
  private var next: UInt8? {
    mutating get {
      while position < bytes.count {
        switch bytes[position] {
        case 0x20, 0x0A, 0x0D, 0x09: position += 1
        default: return bytes[position]
        }
      }
      return nil
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    guard next != nil, bytes[position...].starts(with: "\(word)".utf8) else { return false }
    position += word.utf8CodeUnitCount
    return true
  }

  private mutating func open(_ bracket: Unicode.Scalar, _ kind: String) throws(DetectionError) {
    guard take(bracket) else { throw unexpected(kind) }
    guard path.count < JSONReader.deepest else { throw problem("lists and objects are nested more than \(JSONReader.deepest) deep") }
  }

  private mutating func string() throws(DetectionError) -> String {
    position += 1
    let start = position
    while position < bytes.count && bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") { return try escapedString(from: start) }
      position += 1
    }
    guard position < bytes.count else { throw notJSON() }
    position += 1
    return String(decoding: bytes[start..<position - 1], as: UTF8.self)
  }

  /// The rest of a string that holds escapes.
  private mutating func escapedString(from start: Int) throws(DetectionError) -> String {
    var units = Array(String(decoding: bytes[start..<position], as: UTF8.self).utf16)
    while position < bytes.count && bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] != UInt8(ascii: "\\") {
        let plain = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") { position += 1 }
        units += String(decoding: bytes[plain..<position], as: UTF8.self).utf16
        continue
      }
      guard position + 1 < bytes.count else { break }
      let escape = bytes[position + 1]
      position += 2
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(UInt16(escape))
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0C)
      case UInt8(ascii: "n"): units.append(0x0A)
      case UInt8(ascii: "r"): units.append(0x0D)
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "u"):
        let digits = bytes[position..<min(position + 4, bytes.count)]
        guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else { throw notJSON() }
        units.append(unit)
        position += 4
      default: throw notJSON()
      }
    }
    guard position < bytes.count && bytes[position] == UInt8(ascii: "\"") else { throw notJSON() }
    position += 1
    return String(decoding: units, as: UTF16.self)
  }

  /// A number, and the same as a whole number when it is written as one that fits.
  private mutating func decimal(_ expected: String) throws(DetectionError) -> (value: Double, whole: Int?) {
    guard let first = next, first == UInt8(ascii: "-") || isDigit(first) else { throw unexpected(expected) }
    let start = position
    let isNegative = first == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var digits = 0, exponent = 0, count = 0
    func digit(at place: Int) -> Int? { place < bytes.count && isDigit(bytes[place]) ? Int(bytes[place]) - 48 : nil }
    while let digit = digit(at: position) {
      if count < 18 { digits = 10 * digits + digit }
      count += 1
      position += 1
    }
    guard count > 0 else { throw notJSON() }
    var isWhole = true
    if position < bytes.count && bytes[position] == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      guard digit(at: position) != nil else { throw notJSON() }
      while let digit = digit(at: position) {
        if count < 18 { digits = 10 * digits + digit }
        count += 1
        exponent -= 1
        position += 1
      }
    }
    if position < bytes.count && bytes[position] | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
      guard digit(at: position) != nil else { throw notJSON() }
      while digit(at: position) != nil { position += 1 }
      exponent = -99  // left to the library
    }
    // Up to 2⁵³ and 10²² both numbers are exact, and one division rounds once (Clinger, 1990).
    if count <= 18 && digits < 1 << 53 && exponent >= -22 {
      let magnitude = Double(digits) / JSONReader.powersOfTen[-exponent]
      return (isNegative ? -magnitude : magnitude, isWhole ? (isNegative ? -digits : digits) : nil)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw problem("\(place) is \(text.prefix(40)), which is too large a number") }
    return (value, isWhole ? Int(text) : nil)
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}

extension JSONReader {
  /// COCO's `[x, y, width, height]`.
  mutating func cocoBox() throws(DetectionError) -> Box {
    let numbers = try list { (reader) throws(DetectionError) in try reader.number() }
    guard numbers.count == 4, numbers[2] >= 0, numbers[3] >= 0 else {
      throw problem("\(place) is \(numbers), expected [x, y, width, height] with sizes from 0 up")
    }
    return Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }
}
