import Tensors

/// The head of a `.npy` file (NEP 1): 0x93 "NUMPY", the version as two bytes, the length of the text as uint16, or uint32 since version 2, and a
/// Python dictionary:
///
/// ```
/// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
/// ```
struct NumPyHeader {
  var kind: NumberKind
  var isBigEndian: Bool
  var isColumnMajor: Bool
  var shape: Shape
  /// Where the numbers begin.
  var end: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  static let largestText = 1 << 20

  init(_ bytes: ByteSlice) throws(FormatProblem) {
    guard bytes.starts(with: NumPyHeader.magic) else { throw FormatProblem("expected 0x93 “NUMPY” at its beginning: not a .npy file") }
    var reader = ByteReader(bytes, at: NumPyHeader.magic.count)
    let version = try reader.number(UInt8.self)
    _ = try reader.take(1)
    guard (1...3).contains(version) else { throw FormatProblem("expected version 1 to 3, found \(version)") }
    let count = version == 1 ? Int(try reader.number(UInt16.self)) : Int(try reader.number(UInt32.self))
    guard count <= NumPyHeader.largestText else {
      throw FormatProblem("expected a header of at most \(NumPyHeader.largestText) bytes, found \(count)")
    }
    var parser = NumPyParser(try reader.take(count))
    end = reader.position

    var type: String?, order: Bool?, sizes: [Int]?
    try parser.dictionary { (parser, key) throws(FormatProblem) in
      switch key {
      case "descr" where type == nil: type = try parser.type()
      case "fortran_order" where order == nil: order = try parser.truth()
      case "shape" where sizes == nil: sizes = try parser.sizes()
      default: throw FormatProblem("found \(quoted(key)) in the header, expected descr, fortran_order and shape once each")
      }
    }
    guard let type, let order, let sizes else { throw FormatProblem("the header lacks one of descr, fortran_order and shape") }
    shape = try checkedShape(sizes)
    isColumnMajor = order
    isBigEndian = type.hasPrefix(">")
    guard let order = type.first, "<>|=".contains(order), let kind = NumberKind(numPy: String(type.dropFirst())) else {
      throw FormatProblem(
        "holds elements of the type \(quoted(type)), expected numbers: b1, u1 to u8, i1 to i8, f2, f4 or f8; convert it with numpy's astype")
    }
    self.kind = kind
  }
}

/// Reads the few forms of Python's literals that a header has.
struct NumPyParser {
  private let bytes: ByteSlice
  private var position = 0

  init(_ bytes: ByteSlice) { self.bytes = bytes }

  /// Calls `member` for each member, to read its value; checks that nothing but blanks follows.
  mutating func dictionary(_ member: (inout NumPyParser, _ key: String) throws(FormatProblem) -> Void) throws(FormatProblem) {
    try expect("{")
    while !take("}") {
      let key = try string()
      try expect(":")
      try member(&self, key)
      guard take(",") else {
        try expect("}")
        break
      }
    }
    skipBlanks()
    guard position == bytes.count else { throw problem("nothing after the dictionary") }
  }

  /// A type in NumPy's letters; structures are lists.
  mutating func type() throws(FormatProblem) -> String {
    skipBlanks()
    guard position < bytes.count, bytes[position] != UInt8(ascii: "[") else {
      throw FormatProblem("holds structures, expected numbers; save each field as an array of its own")
    }
    return try string()
  }

  mutating func truth() throws(FormatProblem) -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)] where bytes[position..<bytes.count].starts(with: Array(word.utf8)) {
      position += word.utf8.count
      return value
    }
    throw problem("True or False")
  }

  /// `()`, `(3,)` or `(3, 4)`; Python 2 wrote an L behind long numbers.
  mutating func sizes() throws(FormatProblem) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !take(")") {
      skipBlanks()
      var size = 0
      let start = position
      while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
        guard size < 1 << 56 else { throw problem("a smaller size") }
        size = 10 * size + Int(bytes[position]) - 48
        position += 1
      }
      guard position > start else { throw problem("a size") }
      sizes.append(size)
      _ = take("L")
      guard take(",") else {
        try expect(")")
        break
      }
    }
    return sizes
  }

  private mutating func string() throws(FormatProblem) -> String {
    let quote: Unicode.Scalar = take("'") ? "'" : "\""
    if quote == "\"" { try expect("\"") }
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: quote) { position += 1 }
    guard position < bytes.count, let text = bytes[start..<position].text else { throw problem("the end of a text") }
    position += 1
    return text
  }

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x0A { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FormatProblem) {
    guard take(character) else { throw problem("\(character)") }
  }

  private func problem(_ expected: String) -> FormatProblem {
    FormatProblem("expected \(expected) at byte \(position) of the header's text: the file is damaged")
  }
}

extension NumberKind {
  /// The kind that NumPy calls `name`, nil if it is none of those read here.
  fileprivate init?(numPy name: String) {
    switch name {
    case "b1": self = .boolean
    case "u1": self = .uint8
    case "i1": self = .int8
    case "u2": self = .uint16
    case "i2": self = .int16
    case "u4": self = .uint32
    case "i4": self = .int32
    case "u8": self = .uint64
    case "i8": self = .int64
    case "f2": self = .float16
    case "f4": self = .float32
    case "f8": self = .float64
    default: return nil
    }
  }
}
