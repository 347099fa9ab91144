import Tensors

/// Reads the part of JSON that a safetensors header is made of: objects, texts, lists of whole numbers.
struct SafetensorsParser {
  private let bytes: ByteSlice
  private var position = 0

  init(_ bytes: ByteSlice) { self.bytes = bytes }

  /// Calls `member` for each member of an object, to read its value.
  mutating func object(_ member: (inout SafetensorsParser, _ name: String) throws(FormatProblem) -> Void) throws(FormatProblem) {
    try expect("{")
    if take("}") { return }
    repeat {
      let name = try string()
      try expect(":")
      try member(&self, name)
    } while take(",")
    try expect("}")
  }

  /// `{"dtype": "F32", "shape": [3, 2], "data_offsets": [0, 24]}`, in any order.
  mutating func tensor(_ name: String) throws(FormatProblem) -> SafetensorsHeader.Entry {
    var kind: NumberKind?
    var sizes: [Int]?
    var offsets: [Int]?
    try object { (parser, key) throws(FormatProblem) in
      switch key {
      case "dtype" where kind == nil:
        let found = try parser.string()
        kind = NumberKind(safetensors: found)
        if kind == nil {
          throw FormatProblem(
            "the tensor \(quoted(name)) holds numbers of the kind \(quoted(found)), expected BOOL, U8 to U64, I8 to I64, F16, BF16, F32 or F64")
        }
      case "shape" where sizes == nil: sizes = try parser.wholeNumbers()
      case "data_offsets" where offsets == nil: offsets = try parser.wholeNumbers()
      default: throw FormatProblem("the tensor \(quoted(name)) has \(quoted(key)), expected dtype, shape and data_offsets once each")
      }
    }
    guard let kind, let sizes, let offsets else { throw FormatProblem("the tensor \(quoted(name)) lacks one of dtype, shape and data_offsets") }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw FormatProblem("the tensor \(quoted(name)) has the data_offsets \(offsets), expected begin and end")
    }
    do throws(FormatProblem) {
      return SafetensorsHeader.Entry(name: name, kind: kind, shape: try checkedShape(sizes), range: offsets[0]..<offsets[1])
    } catch {
      throw FormatProblem("the tensor \(quoted(name)): \(error.text)")
    }
  }

  mutating func string() throws(FormatProblem) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw problem("a text in UTF-8") }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw problem("a text without control characters")
      default: text.append(byte)
      }
    }
    throw problem("the end of a text")
  }

  /// Only blanks may follow the object.
  mutating func finish() throws(FormatProblem) {
    guard next == nil else { throw problem("nothing after the header's object") }
  }

  /// `[3, 2]`: whole numbers from 0 up.
  private mutating func wholeNumbers() throws(FormatProblem) -> [Int] {
    try expect("[")
    var numbers: [Int] = []
    if take("]") { return numbers }
    repeat {
      skipBlanks()
      let start = position
      var number = 0
      while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
        let (product, overflow) = number.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Int(bytes[position]) - 48)
        guard !overflow && !carry else { throw problem("a whole number below 2⁶³") }
        number = sum
        position += 1
      }
      guard position > start, position == start + 1 || bytes[start] != UInt8(ascii: "0") else { throw problem("a whole number from 0 up") }
      numbers.append(number)
    } while take(",")
    try expect("]")
    return numbers
  }

  private mutating func escape(into text: inout [UInt8]) throws(FormatProblem) {
    guard position < bytes.count else { throw problem("the end of a text") }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try codeUnit()
      if (0xD800..<0xDC00).contains(code), bytes[position..<bytes.count].starts(with: Array("\\u".utf8)) {
        position += 2
        let low = try codeUnit()
        guard (0xDC00..<0xE000).contains(low) else { throw problem("the second half of a character") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let character = Unicode.Scalar(code) else { throw problem("a whole character") }
      text.append(contentsOf: String(character).utf8)
    default: throw problem("a known escape in a text")
    }
  }

  private mutating func codeUnit() throws(FormatProblem) -> UInt32 {
    guard position + 4 <= bytes.count else { throw problem("four hexadecimal digits") }
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else { throw problem("four hexadecimal digits") }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  /// The next byte that is not a blank, before which the parser then stands.
  private var next: UInt8? {
    mutating get {
      skipBlanks()
      return position < bytes.count ? bytes[position] : nil
    }
  }

  private mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FormatProblem) {
    guard take(character) else { throw problem("\(character)") }
  }

  private func problem(_ expected: String) -> FormatProblem {
    let found = position < bytes.count ? "something else at byte \(position)" : "the end"
    return FormatProblem("expected \(expected) in the header, found \(found): not a safetensors file, or damaged")
  }
}

extension NumberKind {
  /// The kind that safetensors calls `name`, nil if it is none of those read here.
  fileprivate init?(safetensors name: String) {
    switch name {
    case "BOOL": self = .boolean
    case "U8": self = .uint8
    case "I8": self = .int8
    case "U16": self = .uint16
    case "I16": self = .int16
    case "U32": self = .uint32
    case "I32": self = .int32
    case "U64": self = .uint64
    case "I64": self = .int64
    case "F16": self = .float16
    case "BF16": self = .bfloat16
    case "F32": self = .float32
    case "F64": self = .float64
    default: return nil
    }
  }
}
