import Foundation
import Learning
import Tensors
import TestSupport
import Testing

func fixture<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
  try readJSON(testFolder.appending(path: "Fixtures/\(name)").path)
}

/// Number i of tensor k, as the scripts of the fixtures make it: ((i + 1000 k) · 2654435761 + 12345 mod 2³²) / 2³² − ½, scaled.
func noise(_ k: Int, _ shape: Shape, scale: Float = 1) -> Tensor {
  Tensor(shape, (0..<shape.count).map { i in
    let word = (UInt64(i + 1000 * k) &* 2_654_435_761 &+ 12_345) % (1 << 32)
    return Float((Double(word) / 4_294_967_296 - 0.5) * Double(scale))
  })
}

/// Expects |found − expected| ≤ tolerance · max(0.1, the largest expected number), element by element.
func expectClose(
  _ found: [Float], _ expected: [Float], tolerance: Float = 1e-5, _ what: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record("\(what()): \(found.count) numbers, expected \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  let largest = max(0.1, expected.map(abs).max() ?? 0)
  for (index, (a, b)) in zip(found, expected).enumerated() where !(abs(a - b) <= tolerance * largest) {
    Issue.record("\(what()): [\(index)] is \(a), expected \(b)", sourceLocation: sourceLocation)
    return
  }
}

/// A module together with its input, which a training step then has a gradient of, too.
struct Probe<Body: Module>: Module {
  var input: Parameter
  var body: Body

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("input", &input)
    try visitor.visit("body", &body)
  }
}

/// What holds nothing.
struct Nothing: Module {
  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}
