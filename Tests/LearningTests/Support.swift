import Foundation
import Tensors
import TestSupport
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
let fixture: JSON = try! readJSON(testFolder.appending(path: "Fixtures/learning.json").path)

extension JSON {
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
