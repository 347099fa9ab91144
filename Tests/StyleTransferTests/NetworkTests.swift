import Foundation
import Learning
import ModelFormats
import ModelStore
import StyleTransfer
import Tensors
import Testing

/// The networks whose features are compared.
@Suite struct NetworkTests {
  /// Some layers of a network on a picture.
  private func maps(_ network: PerceptualNetwork, _ input: Tensor, _ layers: [String]) -> [Tensor] {
    let recorder = Recorder(), x = recorder.input("pixels", input.shape), found = network.features(x, at: layers)
    return recorder.graph(returning: layers.map { found[$0]! }).compiled().run([input])
  }

  @Test(.enabled(if: hasShared && registered != nil, "needs ../shared and vgg16-hed: Tools/test installs it")) func featuresAreTheReferences() throws {
    let reference = try #require(try json("reference/networks.json")["vgg16-hed"] as? [String: Any]), layers = try #require(reference["layers"] as? [String: [String: Any]])
    var network = try PerceptualNetwork(in: ModelStore())
    network.features.pooling = .max
    // The reference's planes are blue, green and red, less the means; here red comes first.
    let plane = 96 * 128, means: [Float] = [104.00699, 116.66877, 122.67892]
    let input = Tensor([1, 3, 96, 128], (0..<3 * plane).map { index in
      let channel = 2 - index / plane, place = channel * plane + index % plane
      return Float((UInt64(place) * 2_654_435_761 + 12_345) % (1 << 32)) / 4_294_967_296 * 255 - means[channel]
    })
    let names = layers.keys.sorted(), found = maps(network, input, names)
    #expect(names.count == 13)
    for (name, map) in zip(names, found) {
      let wanted = layers[name]!, values = map.elements, largest = try #require(wanted["max"] as? Double)
      #expect(values.count == wanted["count"] as? Int)
      #expect(abs(Double(values.max()!) - largest) < 1e-3 * largest, "\(name)")
      let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count), expected = try #require(wanted["mean"] as? Double)
      #expect(abs(mean - expected) < 1e-4 * expected, "\(name)")
      for (place, value) in try #require(wanted["at"] as? [String: Double]) {
        #expect(abs(Double(values[try #require(Int(place))]) - value) < 2e-4 * largest, "\(name)[\(place)]")
      }
    }
  }

  @Test func bothDepthsComeFromSafetensors() throws {
    for depth in VGGFeatures.Depth.allCases {
      let network = smallNetwork(depth)
      var tensors = NamedTensors()
      for (name, parameter) in network.features.parameters { tensors[name] = parameter.value }
      tensors["classifier.0.weight"] = Tensor([2, 2])  // the rest of the network is of no interest
      try withFolder { folder in
        let path = folder.appendingPathComponent("vgg.safetensors").path
        try SafetensorsFile.write(tensors, to: path)
        let read = try PerceptualNetwork(weights: path), first = network.features.convolutions[0].weight.value
        #expect(read.features.depth == depth && read.features.convolutions.count == depth.rawValue - 3)
        #expect(read.features.convolutions[5].weight.value == network.features.convolutions[5].weight.value)
        // torchvision: (x / 255 − mean) / deviation
        #expect(abs(read.means[2] - 0.406 * 255) < 1e-3)
        #expect(abs(read.features.convolutions[0].weight.value[3, 1, 0, 2] - first[3, 1, 0, 2] / (255 * 0.224)) < 1e-7)
        // Caffe: blue first
        let caffe = try PerceptualNetwork(weights: path, convention: .caffe)
        #expect(caffe.features.convolutions[0].weight.value[3, 0, 0, 2] == first[3, 2, 0, 2] && abs(caffe.means[0] - 122.67892) < 1e-3)
      }
    }
  }

  @Test func otherFilesAreRefused() throws {
    try withFolder { folder in
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      var normalised = NamedTensors(), short = NamedTensors()
      for (name, parameter) in smallNetwork().features.parameters.prefix(4) { short[name] = parameter.value }
      normalised["features.0.weight"] = Tensor([64, 3, 3, 3])
      normalised["features.0.bias"] = Tensor([64])
      normalised["features.1.running_mean"] = Tensor([64])
      try SafetensorsFile.write(normalised, to: path("bn.safetensors"))
      try SafetensorsFile.write(short, to: path("short.safetensors"))
      try Data("no weights at all".utf8).write(to: URL(fileURLWithPath: path("text.pth")))
      try Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]).write(to: URL(fileURLWithPath: path("cut.h5")))
      try Data([0x50, 0x4B, 3, 4]).write(to: URL(fileURLWithPath: path("cut.pth")))
      try Data().write(to: URL(fileURLWithPath: path("empty")))
      for (name, word) in [("bn.safetensors", "batch normalisation"), ("short.safetensors", "VGG"), ("text.pth", "text.pth"), ("cut.h5", "cut.h5"), ("cut.pth", "cut.pth"), ("missing", "no such file"), ("empty", "empty")] {
        do {
          _ = try PerceptualNetwork(weights: path(name))
          Issue.record("\(name) was taken")
        } catch { #expect("\(error)".contains(word) && "\(error)".contains(name), "\(error)") }
      }
      do { _ = try PerceptualNetwork(in: ModelStore(folder: folder.path)) } catch { #expect("\(error)".contains("percept models pull vgg16-hed")) }
    }
  }

  @Test func layersKnowWhatTheySee() {
    let network = smallNetwork().features
    #expect(network.layers.count == 13 && network.layers.last == "relu5_3" && network.block(of: "relu3_3") == 2 && network.block(of: "relu3_4") == nil)
    // Receptive fields of 3, 5, 92 and 132 pixels around squares of 1, 1, 8 and 16.
    #expect([1, 2, 42, 58].elementsEqual(["relu1_1", "relu1_2", "relu4_3", "relu5_1"].map { network.reach(of: $0) }))
    var cut = network
    cut.truncate(to: ["relu2_1", "relu1_1"])
    #expect(cut.convolutions.count == 3)
  }

  /// A change within the reach of a place changes it, one beyond does not.
  @Test func theReachIsExact() {
    var network = smallNetwork()
    network.features.pooling = .average
    let layer = "relu3_1", reach = network.features.reach(of: layer), base = Tensor([1, 3, 64, 64], (0..<3 * 4096).map { Float($0 * 7919 % 255) - 127 })
    func place(_ input: Tensor) -> [Float] { let map = maps(network, input, [layer])[0]; return (0..<256).map { map[0, $0, 7, 7] } }
    let before = place(base)
    for (offset, changes) in [(reach, true), (reach + 1, false)] {
      var changed = base
      changed[0, 1, 28, 28 - offset] += 100
      changed[0, 1, 28, 31 + offset] += 100
      // Beyond it, Winograd's algorithm rounds otherwise, and no more.
      let most = zip(place(changed), before).reduce(0) { max($0, abs($1.0 - $1.1)) }, size = before.max()!
      #expect((most > 1e-4 * size) == changes, "\(offset): \(most) of \(size)")
    }
  }
}
