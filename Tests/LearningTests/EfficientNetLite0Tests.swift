import Foundation
import Graphs
import Kernels
import Learning
import ModelFormats
import Tensors
import Testing

/// The published file of EfficientNet-lite0, if it is installed.
private let publishedFile: String? = {
  let environment = ProcessInfo.processInfo.environment, cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
  let file = "\(environment["PERCEPT_MODELS"] ?? "\(cache)/percept/models")/efficientnet-lite0/efficientnet-lite0.pth"
  return FileManager.default.fileExists(atPath: file) ? file : nil
}()

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

  /// `Fixtures/efficientnet_lite0_logits.py` computed the logits with PyTorch.
  @Test(.enabled(if: publishedFile != nil, "needs the published file: percept models pull efficientnet-lite0"), arguments: [1, 2])
  func thePublishedNetworkSeesWhatItSeesInPyTorch(pictures: Int) throws {
    struct Reference: Decodable {
      let largest: Float
      let classes: [Int]
      let logits: [Float]
    }
    let expected = try fixture("efficientnet-lite0-logits.json", as: Reference.self), weights = try PyTorchFile.load(try #require(publishedFile))
    var random = RandomNumbers(seed: 1), network = EfficientNetLite0(using: &random)
    try network.load(EfficientNetLite0.parameters(published: Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0.tensor) })))

    let shape: Shape = [pictures, 3, 224, 224], recorder = Recorder(), y = network(recorder.input("pictures", shape), phase: .inference)
    let picture = noise(0, [1, 3, 224, 224], scale: 2).elements  // 2 (u − ½) = 2 u − 1
    let x = Tensor(shape, Array([[Float]](repeating: picture, count: pictures).joined()))
    let logits = recorder.graph(returning: [y]).compiled(for: Processor(threadCount: 2)).run([x])[0]
    for row in 0..<pictures {
      let found = (0..<1000).map { logits[row, $0] }
      let difference = zip(stride(from: 0, to: 1000, by: 27), expected.logits).map { Swift.abs(found[$0] - $1) }.max() ?? .infinity
      #expect(difference < 1e-3 * expected.largest, "off by \(difference), the largest logit is \(expected.largest)")
      #expect(found.indices.sorted { found[$0] > found[$1] }.prefix(5) == expected.classes[...])
      print("efficientnet-lite0: logits are off by \(difference), the largest is \(expected.largest)")
    }
  }
}
