import Graphs
import ModelFormats
import Tensors
import Testing

/// Small networks against what Darknet itself computed: see Fixtures/make-darknet-fixtures.py.
@Suite struct DarknetNumbersTests {
  struct Network: Decodable, CustomTestStringConvertible {
    let name, cfg: String
    let header: [UInt32]
    let segments, layers: [String]
    let numbers: [[Float]]
    var testDescription: String { name }

    /// The weights file of `make-darknet-fixtures.py`.
    var weights: [UInt8] {
      let runs = segments.map { $0.split(separator: " ") }
      var values = noise(runs.reduce(0) { $0 + Int($1[1])! })[...]
      return header.flatMap { littleEndian($0) }
        + runs.flatMap { run in
          let shift: Float = run[0] == "positive" ? 0.5 : -0.5
          let count = Int(run[1])!
          defer { values = values.dropFirst(count) }
          return floats(values.prefix(count).map { $0 + shift })
        }
    }
  }

  @Test(arguments: try fixture("darknet-numbers.json", as: [Network].self))
  func everyLayerComputesWhatDarknetDoes(_ expected: Network) throws {
    let folder = try ScratchFolder()
    let path = try folder.write("network.cfg", Array(expected.cfg.utf8)), weights = try folder.write("network.weights", expected.weights)
    _ = try folder.write("tiny.tree", Array("animal -1\nthing -1\ncat 0\ndog 0\n".utf8))
    let network = try DarknetNetwork.load(configuration: path, weights: weights)
    #expect(network.layers.count == expected.layers.count)

    var graph = network.graph
    graph.outputs = network.layers.map(\.node)
    let results = graph.compiled().run([Tensor(network.inputShape, noise(network.inputShape.count))])
    for (index, (result, numbers)) in zip(results, expected.numbers).enumerated() where network.layers[index].kind != .cost {  // computed in training only
      // Darknet rounds SELU's constants to five digits and adds 10⁻⁶ to σ where we add 10⁻⁵ to σ².
      expectClose(result.elements, numbers, tolerance: 5e-5, "layer \(index), \(expected.layers[index])")
    }
  }
}
