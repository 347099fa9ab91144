import Learning
import Tensors
import Testing

/// The published parameters of EfficientNet-lite0 find their places: `Fixtures/efficientnet_lite0_names.py` listed their names and shapes.
@Suite struct EfficientNetLite0Tests {
  private struct Entry: Decodable {
    let name: String
    let shape: [Int]
  }

  /// What the file holds, each tensor full of its place among the parameters; the file has the order of the network.
  private func published() throws -> [String: Tensor] {
    var result: [String: Tensor] = [:], place: Float = 0
    for entry in try fixture("efficientnet-lite0-names.json", as: [Entry].self) {
      result[entry.name] = Tensor(Shape(entry.shape), repeating: place)
      if !entry.name.hasSuffix("num_batches_tracked") { place += 1 }
    }
    #expect(result.count == 296)
    return result
  }

  @Test func everyParameterFindsItsPlace() throws {
    var random = RandomNumbers(seed: 1), network = EfficientNetLite0(using: &random)
    let mapped = EfficientNetLite0.parameters(published: try published())
    #expect(Set(mapped.keys) == Set(network.parameters.map(\.name)))
    try network.load(mapped)
    for (place, (name, parameter)) in network.parameters.enumerated() {
      #expect(parameter.value.elements.allSatisfy { $0 == Float(place) }, "\(name) is not number \(place)")
    }
  }

  @Test func whatIsMissingOrOfAnotherShapeIsNamedAndChangesNothing() throws {
    var random = RandomNumbers(seed: 1), network = EfficientNetLite0(classes: 10, using: &random)
    let before = network.parameters.map(\.parameter.value.elements)
    var tensors = try published()
    #expect(throws: ParameterError.shape(name: "fc.weight", found: [1000, 1280], expected: [10, 1280])) {
      try network.load(EfficientNetLite0.parameters(published: tensors))
    }
    tensors["_blocks.7._bn1.running_var"] = nil
    #expect(throws: ParameterError.missing(name: "blocks.7.depthwise.bn.running_var")) {
      try network.load(EfficientNetLite0.parameters(published: tensors))
    }
    #expect(network.parameters.map(\.parameter.value.elements) == before)
  }

  @Test func namesThatAreNotThePublishedOnesAreLeftOut() {
    let one = Tensor([1])
    let names = ["", ".", "fc.weight", "_blocks.0", "_blocks..", "_bn0.num_batches_tracked", "_blocks.1._se_reduce.weight", "_fc.weight.x"]
    let found = EfficientNetLite0.parameters(published: Dictionary(uniqueKeysWithValues: names.map { ($0, one) }))
    #expect(found.isEmpty, "\(found.keys)")
  }
}
