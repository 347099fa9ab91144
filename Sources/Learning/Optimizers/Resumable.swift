import Tensors

/// What goes on after a checkpoint as if it had never stopped: its memory as named tensors and back, bit for bit.
///
/// Hyper-parameters are not part of the state: whoever resumes makes the same value anew, then restores its state.
public protocol Resumable: Sendable {
  /// What it remembers, in an order that is always the same.
  var state: [(name: String, tensor: Tensor)] { get }

  /// Takes up what ``state`` was.
  ///
  /// - Parameter shapes: those of the parameters that it is about.
  /// - Throws: ``StateError`` if a tensor is missing, one too many, or of another shape; then nothing has changed.
  mutating func restore(_ state: [String: Tensor], for shapes: [Shape]) throws(StateError)
}

/// Why a state cannot be taken up. Whoever read it from a file adds the file's name.
public enum StateError: Error, Equatable, CustomStringConvertible {
  case missing(name: String)
  case unexpected(name: String)
  case shape(name: String, found: Shape, expected: Shape)
  case value(name: String, found: String, expected: String)

  private static let advice = "resume with the network and the optimiser that wrote it, or start anew"

  public var description: String {
    switch self {
    case .missing(let name): "the state lacks \(name); \(Self.advice)"
    case .unexpected(let name): "the state holds \(name), which nothing here remembers; \(Self.advice)"
    case .shape(let name, let found, let expected): "\(name) of the state is \(found), expected \(expected); \(Self.advice)"
    case .value(let name, let found, let expected):
      "\(name) of the state is \(found), expected \(expected); the checkpoint is damaged, take an earlier one"
    }
  }
}

/// Named tensors that are taken out one by one, until none may be left.
struct StateReader {
  private var rest: [String: Tensor]

  init(_ state: [String: Tensor]) { rest = state }

  mutating func take(_ name: String, _ shape: Shape) throws(StateError) -> Tensor {
    guard let tensor = rest.removeValue(forKey: name) else { throw .missing(name: name) }
    guard tensor.shape == shape else { throw .shape(name: name, found: tensor.shape, expected: shape) }
    return tensor
  }

  func has(_ name: String) -> Bool { rest[name] != nil }

  /// A whole number that is not negative.
  mutating func takeCount(_ name: String) throws(StateError) -> Int {
    let word = try takeWord(name)
    guard word < 1 << 62 else { throw .value(name: name, found: "\(word)", expected: "a count") }
    return Int(word)
  }

  mutating func takeWord(_ name: String) throws(StateError) -> UInt64 {
    let tensor = try take(name, [4])
    var word: UInt64 = 0
    for digit in tensor.elements.reversed() {
      guard digit >= 0, digit < 65_536, digit == digit.rounded() else {
        throw .value(name: name, found: "\(tensor.elements)", expected: "four whole numbers below 65536")
      }
      word = word << 16 | UInt64(digit)
    }
    return word
  }

  mutating func takeDouble(_ name: String) throws(StateError) -> Double { Double(bitPattern: try takeWord(name)) }

  func end() throws(StateError) {
    if let name = rest.keys.min() { throw .unexpected(name: name) }
  }
}

extension Tensor {
  /// A 64-bit word as four numbers below 65,536, lowest first, which floats hold exactly.
  init(word: UInt64) { self.init([4], (0..<4).map { Float(word >> (16 * $0) & 0xffff) }) }

  init(exactly number: Double) { self.init(word: number.bitPattern) }
}
