import Foundation
import Tensors
import Testing

let testFolder = URL(filePath: #filePath).deletingLastPathComponent()

/// Reference material that is not part of the package.
let sharedFolder: URL = {
  if let named = ProcessInfo.processInfo.environment["PERCEPT_SHARED"] { return URL(filePath: named) }
  return testFolder.appending(path: "../../../shared")
}()
let courseCasesFile = sharedFolder.appending(path: "reference/course-cases.json")
let hasShared = FileManager.default.fileExists(atPath: courseCasesFile.path)

/// Fixtures/learning.json: what PyTorch computes.
let fixture: JSON = try! readJSON(testFolder.appending(path: "Fixtures/learning.json"))

func readJSON(_ file: URL) throws -> JSON { try JSONDecoder().decode(JSON.self, from: Data(contentsOf: file)) }

/// Any JSON value.
enum JSON: Decodable, Sendable {
  case number(Double), truth(Bool), text(String), list([JSON]), object([String: JSON]), nothing

  init(from decoder: any Decoder) throws {
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

  subscript(key: String) -> JSON { if case .object(let object) = self { object[key] ?? .nothing } else { .nothing } }
  subscript(index: Int) -> JSON { list[index] }
  var list: [JSON] { if case .list(let list) = self { list } else { [] } }
  var object: [String: JSON] { if case .object(let object) = self { object } else { [:] } }
  var text: String { if case .text(let text) = self { text } else { "" } }
  var truth: Bool { if case .truth(let truth) = self { truth } else { false } }
  /// The number; nil of anything else.
  var optional: Double? { if case .number(let number) = self { number } else { nil } }
  var number: Double { optional ?? .nan }
  /// All numbers in nested lists, in order.
  var numbers: [Double] { if case .list(let list) = self { list.flatMap(\.numbers) } else { [number] } }
  var floats: [Float] { numbers.map { Float($0) } }
  var ints: [Int] { numbers.map { Int($0) } }
  /// How long the nested lists are.
  var shape: Shape {
    var sizes: [Int] = [], value = self
    while case .list(let list) = value {
      sizes.append(list.count)
      value = list.first ?? .nothing
    }
    return Shape(sizes)
  }
  var tensor: Tensor { Tensor(shape, floats) }
}

/// Expects |found − expected| ≤ absolute + relative · |expected|, element by element.
func expectClose(
  _ found: [Float], _ expected: [Double], relative: Double, absolute: Double, _ what: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record("\(what()): \(found.count) numbers, expected \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  for (index, (a, b)) in zip(found, expected).enumerated() where !(abs(Double(a) - b) <= absolute + relative * abs(b)) {
    Issue.record("\(what()): [\(index)] is \(a), expected \(b)", sourceLocation: sourceLocation)
    return
  }
}

/// Numbers that look random and are the same on every run, around 0.
func noise(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
  var random = RandomNumbers(seed: seed)
  return Tensor(shape, normalWith: 1, using: &random)
}

func dictionary(_ state: [(name: String, tensor: Tensor)]) -> [String: Tensor] {
  Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.tensor) })
}

/// The bits of all elements.
func bits(_ tensors: [Tensor]) -> [UInt32] { tensors.flatMap { $0.elements.map(\.bitPattern) } }
