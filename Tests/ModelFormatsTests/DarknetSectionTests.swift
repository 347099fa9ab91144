import Graphs
import ModelFormats
import Tensors
import Testing

/// Sections that Debian's Darknet does not know, and details of the others: shapes and numbers worked out by hand.
@Suite struct DarknetSectionTests {
  static let net = "[net]\nwidth=2\nheight=2\nchannels=4\n"
  /// 16 numbers: channel c holds 4c, 4c + 1, 4c + 2, 4c + 3.
  static let input = Tensor([1, 4, 2, 2], (0..<16).map(Float.init))

  /// 0, 1, …, 15, each mapped.
  private func counted(_ value: (Float) -> Float) -> [Float] { (0..<16).map { value(Float($0)) } }

  private func run(_ sections: String, _ input: Tensor = input, net: String = net) throws -> (DarknetNetwork, Tensor) {
    let network = try DarknetNetwork(DarknetConfiguration(text: net + sections, path: "net.cfg"))
    return (network, network.graph.compiled().run([input])[0])
  }

  @Test func routeTakesAGroupOfEachLayer() throws {
    let (network, result) = try run("[dropout]\n[route]\nlayers=0\ngroups=2\ngroup_id=1\n[route]\nlayers=-1,0\ngroups=2\n")
    #expect(network.layers.map(\.channels) == [4, 2, 3])
    // The first route takes channels 2 and 3; the second the first half of those and of the input.
    let expected: [Float] = [8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7]
    #expect(result.elements == expected)
  }

  @Test func scaleChannelsMultipliesEachMap() throws {
    let (network, result) = try run("[avgpool]\n[scale_channels]\nfrom=-2\n", net: Self.net + "[dropout]\n")
    #expect(network.layers[2].height == 2)
    #expect(result.elements == counted { $0 * (4 * ($0 / 4).rounded(.down) + 1.5) })
  }

  @Test func spatialAttentionMultipliesElements() throws {
    let (_, result) = try run("[activation]\nactivation=relu6\n[sam]\nfrom=0\n", net: Self.net + "[dropout]\n")
    #expect(result.elements == counted { min($0, 6) * $0 })
  }

  @Test func shortcutAddsSeveralLayers() throws {
    let (_, result) = try run("[dropout]\n[activation]\nactivation=relu6\n[shortcut]\nfrom=-2,0\nactivation=linear\n")
    #expect(result.elements == counted { min($0, 6) + 2 * $0 })
  }

  @Test func spatialSoftmaxIsOverChannels() throws {
    let (_, result) = try run("[softmax]\nspatial=1\n", Tensor([1, 4, 2, 2], repeating: 3))
    #expect(result.elements == Array(repeating: 0.25, count: 16))
  }

  @Test func cropIsCentredAndAdjusts() throws {
    let (_, adjusted) = try run("[crop]\ncrop_width=1\ncrop_height=2\n")
    #expect(adjusted.shape == [1, 4, 2, 1])
    #expect(adjusted.elements == [-1, 3, 7, 11, 15, 19, 23, 27])
    let (_, plain) = try run("[crop]\ncrop_width=1\ncrop_height=2\nnoadjust=1\n")
    #expect(plain.elements == [0, 2, 4, 6, 8, 10, 12, 14])
  }

  @Test func averageOfWindowsLeavesOutThePadding() throws {
    let (_, result) = try run("[local_avgpool]\nsize=2\nstride=1\n")
    #expect(Array(result.elements.prefix(4)) == [1.5, 2, 2.5, 3])
  }

  /// At x = −1.25; hard_mish is x · min(2, max(0, x + 2)) / 2.
  @Test(arguments: [
    ("swish", -0.278375), ("mish", -0.308414), ("hard_mish", -0.46875), ("gelu", -0.132286), ("relu6", 0), ("elu", -0.713495), ("selu", -1.254347), ("relie", -0.0125),
  ] as [(String, Float)])
  func activationsHaveDarknetsNames(name: String, expected: Float) throws {
    let (_, result) = try run("[activation]\nactivation=\(name)\n", Tensor([1, 4, 2, 2], repeating: -1.25))
    expectClose(result.elements, Array(repeating: expected, count: 16), tolerance: 1e-4, name)
  }

  @Test func dilatedConvolutionKeepsTheSize() throws {
    let text = "[net]\nwidth=9\nheight=9\nchannels=1\n[convolutional]\nfilters=2\nsize=3\nstride=1\npad=1\ndilation=2\nactivation=mish\n"
    let network = try DarknetNetwork(DarknetConfiguration(text: text, path: "net.cfg"))
    #expect(network.graph[network.graph.outputs[0]].shape == [1, 2, 9, 9])
  }

  @Test func headsSayHowToReadThem() throws {
    let text = """
      [net]
      width=64
      height=32
      channels=3
      [convolutional]
      filters=21
      size=1
      stride=32
      activation=logistic
      [yolo]
      mask=1,2,3
      num=4
      anchors=1,2, 3,4, 5,6, 7.5,8
      classes=2
      scale_x_y=1.05
      new_coords=1
      [route]
      layers=0
      [convolutional]
      filters=14
      size=1
      activation=linear
      [region]
      num=2
      classes=2
      anchors=.5,1,2,3
      softmax=1
      """
    let network = try DarknetNetwork(DarknetConfiguration(text: text, path: "net.cfg"))
    #expect(network.inputShape == [1, 3, 32, 64])
    #expect(network.graph.outputs.map { network.graph[$0].shape } == [[1, 21, 1, 2], [1, 14, 1, 2]])
    #expect(network.heads.map(\.output) == [0, 1] && network.heads.map(\.classes) == [2, 2])
    guard case .yolo(let yolo) = network.heads[0], case .region(let region) = network.heads[1] else {
      Issue.record("expected a yolo and a region head")
      return
    }
    #expect(yolo.mask == [1, 2, 3] && yolo.scaleXY == 1.05 && yolo.newCoordinates)
    #expect(yolo.anchors == [.init(width: 3, height: 4), .init(width: 5, height: 6), .init(width: 7.5, height: 8)])
    #expect(region.softmax && region.coordinates == 4 && region.tree == nil && !region.background)
    #expect(region.anchors == [.init(width: 0.5, height: 1), .init(width: 2, height: 3)])
  }

  @Test func detectionHeadCountsItsNumbers() throws {
    let text = "[net]\nwidth=4\nheight=4\nchannels=1\n[connected]\noutput=48\nactivation=linear\n[detection]\nside=2\nnum=2\nclasses=2\ncoords=4\nsqrt=1\n"
    let network = try DarknetNetwork(DarknetConfiguration(text: text, path: "net.cfg"))
    guard case .detection(let head) = network.heads.first else {
      Issue.record("expected a detection head")
      return
    }
    #expect(head.side == 2 && head.boxes == 2 && head.classes == 2 && head.coordinates == 4 && head.squareRoot && !head.softmax)
    #expect(failure(text.replacing("output=48", with: "output=47"))?.description.contains("= 48 numbers from the layer before, found 47") == true)
  }

  @Test func treeIsFoundBesideTheConfiguration() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("net.cfg", Array((Self.net + "[avgpool]\n[softmax]\ntree=/no/such/place/my.tree\n").utf8))
    #expect(throws: DarknetError.self) { try DarknetNetwork.load(configuration: path) }
    _ = try folder.write("my.tree", Array("a -1\nb -1\nc 0\nd 0\n".utf8))
    let network = try DarknetNetwork.load(configuration: path)
    expectClose(network.graph.compiled().run([Tensor([1, 4, 2, 2])])[0].elements, [0.5, 0.5, 0.5, 0.5], tolerance: 1e-6)
    for (tree, expected) in [("a -1\nb 1\nc 0\nd 0\n", "line 2: expected a class"), ("a -1\n", "expected 4 classes, found 1"), ("a -1\nb\n", "line 2")] {
      _ = try folder.write("my.tree", Array(tree.utf8))
      let error = #expect(throws: DarknetError.self) { try DarknetNetwork.load(configuration: path) }
      let message = error?.description ?? "no error"
      #expect(message.contains(expected), "\(message)")
    }
  }
}
