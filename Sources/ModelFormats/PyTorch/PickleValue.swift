import Tensors

/// A value on the stack of a pickle. What has parts is an object, named by its place in ``PickleDocument/objects``, so that no value holds another:
/// however deeply a file nests them, and even if in a circle, they are freed one by one.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  /// A whole number of more than 64 bits: its little-endian two's complement.
  case largeInteger(ByteSlice)
  case real(Double)
  case text(String)
  case bytes
  case constructor(PyTorchConstructor)
  case object(Int)
}

enum PickleObject {
  case tuple([PickleValue])
  case list([PickleValue])
  case dictionary([(key: PickleValue, value: PickleValue)])
  case storage(PyTorchStorage)
  case tensor(PyTorchTensor)
}

/// What a pickle makes.
struct PickleDocument {
  var root: PickleValue
  var objects: [PickleObject]

  func elements(_ value: PickleValue) -> [PickleValue]? {
    guard case .object(let place) = value else { return nil }
    switch objects[place] {
    case .tuple(let elements), .list(let elements): return elements
    default: return nil
    }
  }
}

extension PickleValue {
  var integer: Int? { if case .integer(let number) = self { number } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var isTrue: Bool { if case .boolean(true) = self { true } else { false } }
}
