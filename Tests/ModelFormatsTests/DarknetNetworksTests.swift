import Graphs
import ModelFormats
import Tensors
import Testing

/// The networks that come with Darknet, and real weights.
@Suite(.serialized) struct DarknetNetworksTests {
  /// Every image network of Debian's package, against the layers that Darknet itself makes.
  @Test(
    .enabled(if: Place.configurations != nil, "needs Debian's package darknet, unpacked in .build-samples/darknet or $PERCEPT_DARKNET"),
    arguments: try fixture("darknet-layers.json", as: [String: [String]].self).sorted { $0.key < $1.key })
  func hasTheLayersThatDarknetPrintsAndRuns(name: String, expected: [String]) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let network = try DarknetNetwork.load(configuration: "\(#require(Place.configurations))/\(name)", seed: 1)
    let found = network.layers.indices.map { index in
      let layer = network.layers[index]
      let count = layer.channels * layer.height * layer.width
      let text = "\(layer.kind.rawValue) \(layer.width)x\(layer.height)x\(layer.channels)"
      // Darknet counts the results of some layers without arranging them.
      return index < expected.count && expected[index] == "\(layer.kind.rawValue) \(count)" ? expected[index] : text
    }
    #expect(found == expected)

    let loaded = clock.now
    let program = network.graph.compiled()
    let compiled = clock.now
    let outputs = program.run([Tensor(network.inputShape, noise(network.inputShape.count))])
    let done = clock.now
    for output in outputs {
      let isFinite = output.elements.allSatisfy { $0.isFinite }
      #expect(isFinite)
    }
    #expect(outputs.count == max(network.heads.count, 1))
    print("\(name): \(network.weightCount) weights, load \(loaded - start), compile \(compiled - loaded), run \(done - compiled)")
  }

  struct Heads: Decodable {
    struct Head: Decodable {
      let shape: [Int]
      let mean, std, min, max: Double
      let at: [String: Float]
    }
    let heads: [Head]
  }

  /// The published weights on noise, against PyTorch.
  @Test(
    .enabled(if: Place.configurations != nil && Place.tinyWeights != nil, "needs Debian's package darknet and `percept models pull yolov3-tiny`"))
  func yolov3TinyComputesItsTwoHeads() throws {
    // Debian's file trains at the size at which it runs, so it is the published one.
    let network = try DarknetNetwork.load(configuration: "\(#require(Place.configurations))/yolov3-tiny.cfg", weights: Place.tinyWeights)
    #expect(network.weightCount == 8_858_734)
    let outputs = network.graph.compiled().run([Tensor([1, 3, 416, 416], noise(3 * 416 * 416))])
    let expected = try fixture("yolov3-tiny-heads.json", as: Heads.self).heads
    #expect(outputs.count == 2)
    for (output, head) in zip(outputs, expected) {
      #expect(output.shape == Shape(head.shape))
      let elements = output.elements
      for (index, value) in head.at { expectClose([elements[Int(index)!]], [value], tolerance: 1e-3, "number \(index)") }
      let mean = elements.reduce(0) { $0 + Double($1) } / Double(elements.count)
      let deviation = (elements.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(elements.count)).squareRoot()
      #expect(abs(mean - head.mean) < 1e-3 && abs(deviation - head.std) < 1e-3)
      #expect(abs(Double(elements.min()!) - head.min) < 1e-2 && abs(Double(elements.max()!) - head.max) < 1e-2)
    }
  }

  @Test(.enabled(if: Place.configurations != nil, "needs Debian's package darknet"))
  func anotherInputSizeChangesOnlyTheMaps() throws {
    let path = "\(try #require(Place.configurations))/yolov3-tiny.cfg"
    let network = try DarknetNetwork.load(configuration: path, inputSize: (width: 320, height: 192))
    #expect(network.graph.outputs.map { network.graph[$0].shape } == [[1, 255, 6, 10], [1, 255, 12, 20]])
    #expect(network.weightCount == 8_858_734)
    #expect(throws: DarknetError.self) { try DarknetNetwork.load(configuration: path, inputSize: (width: 330, height: 192)) }
  }

  @Test(.enabled(if: Place.configurations != nil, "needs Debian's package darknet"), arguments: ["rnn.cfg", "gru.cfg", "rnn.train.cfg"])
  func recurrentNetworksAreRefused(name: String) throws {
    let path = "\(try #require(Place.configurations))/\(name)"
    let error = #expect(throws: DarknetError.self) { try DarknetNetwork.load(configuration: path) }
    #expect(error?.description.contains("recurrent") == true)
  }
}
