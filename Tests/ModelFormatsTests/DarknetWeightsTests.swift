import Graphs
import ModelFormats
import Tensors
import Testing

@Suite struct DarknetWeightsTests {
  static let text = """
    [net]
    width=4
    height=4
    channels=3
    [convolutional]
    batch_normalize=1
    filters=2
    size=3
    stride=1
    pad=1
    activation=leaky
    [connected]
    output=5
    activation=linear
    """
  static let count = 2 + 6 + 54 + 5 + 5 * 32
  static let modern: [UInt32] = [0, 2, 0, 0, 0]

  private func file(_ folder: ScratchFolder, _ header: [UInt32], _ count: Int, extra: [UInt8] = []) throws -> String {
    try folder.write("net.weights", header.flatMap { littleEndian($0) } + floats(noise(count)) + extra)
  }

  @Test func fileIsConsumedExactly() throws {
    let folder = try ScratchFolder()
    #expect(failure(Self.text, weights: try file(folder, Self.modern, Self.count)) == nil)
    #expect(failure(Self.text, weights: try file(folder, [0, 1, 0, 0], Self.count)) == nil, "seen is 32 bits in old files")
    #expect(failure(Self.text, weights: try file(folder, [1, 0, 0, 0, 0], Self.count)) == nil)
    #expect(failure(Self.text, weights: try file(folder, [1001, 0, 0, 0], Self.count)) == nil)
    let network = try DarknetNetwork(DarknetConfiguration(text: Self.text, path: "net.cfg"))
    #expect(network.weightCount == Self.count)
  }

  @Test func numbersComeInDarknetsOrder() throws {
    let folder = try ScratchFolder()
    let network = try DarknetNetwork(DarknetConfiguration(text: Self.text, path: "net.cfg"), weights: try file(folder, Self.modern, Self.count))
    let graph = network.graph, values = noise(Self.count)
    func constant(_ name: String) -> [Float]? { graph.nodes.indices.first { graph[$0].name == name }.flatMap { graph.constantValue($0)?.elements } }
    #expect(constant("layer 0 [convolutional] β") == Array(values[0..<2]))
    #expect(constant("layer 0 [convolutional] γ") == Array(values[2..<4]))
    #expect(constant("layer 0 [convolutional] μ") == Array(values[4..<6]))
    #expect(constant("layer 0 [convolutional] σ²") == Array(values[6..<8]))
    #expect(constant("layer 0 [convolutional] weights") == Array(values[8..<62]))
    #expect(constant("layer 1 [connected] bias") == Array(values[62..<67]))
    #expect(constant("layer 1 [connected] weights") == Array(values[67...]))
  }

  @Test func truncatedAnywhereIsAnErrorThatNamesTheLayer() throws {
    let folder = try ScratchFolder()
    for bytes in stride(from: 0, to: 20 + 4 * Self.count, by: 7) {
      let whole = Self.modern.flatMap { littleEndian($0) } + floats(noise(Self.count))
      let path = try folder.write("net.weights", Array(whole.prefix(bytes)))
      let message = try #require(failure(Self.text, weights: path)).description
      #expect(message.hasPrefix(path) && message.contains("found \(bytes)"), "\(message)")
      if bytes >= 16 { #expect(message.contains(bytes < 20 + 4 * 62 ? "layer 0 [convolutional] of line 5" : "layer 1 [connected] of line 12"), "\(message)") }
    }
  }

  @Test func trailingBytesAreAnError() throws {
    let folder = try ScratchFolder()
    let size = 20 + 4 * Self.count
    for extra in [1, 4, 4000] {
      let path = try file(folder, Self.modern, Self.count, extra: Array(repeating: 0, count: extra))
      #expect(failure(Self.text, weights: path)?.description.contains("expected \(size) bytes, found \(size + extra)") == true)
    }
  }

  @Test func whatIsNoWeightsFileIsAnError() throws {
    let folder = try ScratchFolder()
    #expect(failure(Self.text, weights: folder.path + "/none")?.description.contains("no such file") == true)
    #expect(failure(Self.text, weights: folder.path)?.description.contains("directory") == true)
    let text = try folder.write("text", Array("<!DOCTYPE html><html>not found</html>".utf8))
    #expect(failure(Self.text, weights: text) != nil)
    let negative = try file(folder, [0xFFFF_FFFF, 0, 0, 0], Self.count)
    #expect(failure(Self.text, weights: negative)?.description.contains("not a Darknet weights file") == true)
    let huge = try file(folder, [0x7FFF_FFFF, 0x7FFF_FFFF, 0, 0, 0], Self.count)
    #expect(failure(Self.text, weights: huge) != nil)
  }

  @Test func flippedWeightsAreTransposed() throws {
    let folder = try ScratchFolder()
    let text = "[net]\nwidth=1\nheight=1\nchannels=2\n[convolutional]\nfilters=3\nsize=1\nflipped=1\nactivation=linear\n"
    let path = try folder.write("net.weights", Self.modern.flatMap { littleEndian($0) } + floats([0, 0, 0, 1, 2, 3, 4, 5, 6]))
    let network = try DarknetNetwork(DarknetConfiguration(text: text, path: "net.cfg"), weights: path)
    #expect(network.graph.compiled().run([Tensor([1, 2, 1, 1], [1, 10])])[0].elements == [41, 52, 63])
  }

  @Test func randomWeightsAreFixedByTheSeed() throws {
    let configuration = try DarknetConfiguration(text: Self.text, path: "net.cfg")
    let input = Tensor([1, 3, 4, 4], noise(48))
    func run(_ seed: UInt64) throws -> [Float] { try DarknetNetwork(configuration, seed: seed).graph.compiled().run([input])[0].elements }
    #expect(try run(1) == run(1))
    #expect(try run(1) != run(2))
  }
}
