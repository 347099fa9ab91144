import Files
import FoundationEssentials
import Tensors

let testFolder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")

/// Reference material that is not part of the package.
let sharedFolder: String = {
  if let named = ProcessInfo.processInfo.environment["PERCEPT_SHARED"] { return named }
  return testFolder + "/../../../shared"
}()
let hasShared = isFolder(sharedFolder)

func readJSON<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value {
  try JSONDecoder().decode(type, from: Data(readFile(path)))
}

func fixture<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
  try readJSON("\(testFolder)/Fixtures/\(name)", as: type)
}

/// The numbers of a NumPy file of float32 in row-major order, format 1.0: six bytes of magic, two of version, two of header length, header, numbers.
func readNumPyFloats(_ path: String) throws -> [Float] {
  let bytes = try readFile(path)
  let start = 10 + Int(bytes[8]) + Int(bytes[9]) * 256
  return stride(from: start, to: bytes.count, by: 4).map { place in
    Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) })
  }
}

/// Any JSON value.
enum JSON: Decodable, Sendable {
  case number(Double), text(String), list([JSON]), object([String: JSON]), nothing

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSON].self) {
      self = .list(list)
    } else if let object = try? value.decode([String: JSON].self) {
      self = .object(object)
    } else {
      self = .nothing
    }
  }

  subscript(key: String) -> JSON { if case .object(let object) = self { object[key] ?? .nothing } else { .nothing } }
  var list: [JSON] { if case .list(let list) = self { list } else { [] } }
  var object: [String: JSON] { if case .object(let object) = self { object } else { [:] } }
  var text: String { if case .text(let text) = self { text } else { "" } }
  var number: Double { if case .number(let number) = self { number } else { .nan } }
  /// All numbers in nested lists, in order.
  var numbers: [Double] { if case .list(let list) = self { list.flatMap(\.numbers) } else { [number] } }
}

/// `noise[i] = ((2654435761 i + 12345) mod 2³²) / 2³²`: what the fixtures' scripts use.
func noise(_ shape: Shape) -> Tensor {
  Tensor(shape, (0..<shape.count).map { Float(Double(($0 &* 2_654_435_761 &+ 12345) & 0xFFFF_FFFF) / 4_294_967_296) })
}
