import Foundation

/// Reads a value from a JSON file.
public func readJSON<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value {
  try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: path)))
}

/// Any JSON value. What is not there, or of another kind, is empty, ``nothing`` or NaN: a test then fails by what it expects.
public enum JSON: Decodable, Sendable {
  case number(Double), truth(Bool), text(String), list([JSON]), object([String: JSON]), nothing

  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let truth = try? value.decode(Bool.self) {
      self = .truth(truth)
    } else if let number = try? value.decode(Double.self) {
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

  public subscript(key: String) -> JSON { if case .object(let object) = self { object[key] ?? .nothing } else { .nothing } }
  public subscript(index: Int) -> JSON { list[index] }
  public var list: [JSON] { if case .list(let list) = self { list } else { [] } }
  public var object: [String: JSON] { if case .object(let object) = self { object } else { [:] } }
  public var text: String { if case .text(let text) = self { text } else { "" } }
  public var truth: Bool { if case .truth(let truth) = self { truth } else { false } }
  /// The number; nil of anything else.
  public var optional: Double? { if case .number(let number) = self { number } else { nil } }
  public var number: Double { optional ?? .nan }
  /// All numbers in nested lists, in order.
  public var numbers: [Double] { if case .list(let list) = self { list.flatMap(\.numbers) } else { [number] } }
  public var floats: [Float] { numbers.map { Float($0) } }
  public var ints: [Int] { numbers.map { Int($0) } }
}
