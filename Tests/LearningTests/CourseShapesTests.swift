import Graphs
import Learning
import ModelFormats
import Tensors
import TestSupport
import Testing

/// The networks of course 4, layer by layer: which layers, the shape of each result, and how many numbers each layer holds; and the cat data.
@Suite(.enabled(if: hasShared, "needs ../shared")) struct CourseShapesTests {
  private func expected(_ id: String) throws -> JSON { try #require(CourseCasesTests.cases[id])["expected"] }

  /// Expects layers, in the order in which they were applied, to be those of a case.
  private func expect(_ network: LayerList, _ id: String) throws {
    let wanted = try expected(id)["layers"].list
    #expect(network.layers.count == wanted.count && wanted.count >= 7)
    for (number, (found, wanted)) in zip(network.layers, wanted).enumerated() {
      // The case names some with their sizes, such as “Conv2D same 4x4 s1”.
      let kind = String(wanted[0].text.split(separator: " ")[0]).replacing("MaxPooling", with: "MaxPool").replacing("MaxPool2D", with: "MaxPool")
      #expect(found.kind == kind, "\(id), layer \(number)")
      #expect(found.shape == wanted[1].ints, "\(id), layer \(number), \(found.kind)")
      #expect(found.count == Int(wanted[2].number), "\(id), layer \(number), \(found.kind)")
    }
  }

  @Test func happyHouse() throws {
    var random = RandomNumbers(seed: 1)
    let network = LayerList([3, 64, 64])
    network.apply("ZeroPadding2D") { $0.applying(PadZeros(axis: 2, before: 3, after: 3)).applying(PadZeros(axis: 3, before: 3, after: 3)) }
    network.apply("Conv2D", Conv2D(3, 32, kernel: 7, using: &random))
    network.apply("BatchNormalization", BatchNorm(32))
    network.apply("ReLU") { relu($0) }
    network.apply("MaxPool", MaxPool2D(2))
    network.apply("Flatten") { $0.flattened }
    network.apply("Dense", Linear(32 * 32 * 32, 1, using: &random))
    try expect(network, "c4w1_happy_model_shapes")
  }

  @Test func signs() throws {
    var random = RandomNumbers(seed: 1)
    let network = LayerList([3, 64, 64])
    network.apply("Conv2D", Conv2D(3, 8, kernel: 4, padding: .same, using: &random))
    network.apply("ReLU") { relu($0) }
    network.apply("MaxPool", MaxPool2D(8, padding: .same))
    network.apply("Conv2D", Conv2D(8, 16, kernel: 2, padding: .same, using: &random))
    network.apply("ReLU") { relu($0) }
    network.apply("MaxPool", MaxPool2D(4, padding: .same))
    network.apply("Flatten") { $0.flattened }
    network.apply("Dense", Linear(64, 6, using: &random))
    try expect(network, "c4w1_signs_model_shapes")
  }

  /// The course's ResNet-50: strides in the blocks' first convolutions, biases everywhere, a stem that is padded by a layer of its own.
  @Test func resNet50() throws {
    let network = LayerList([3, 64, 64])
    network.note("InputLayer")
    network.apply("ZeroPadding2D") { $0.applying(PadZeros(axis: 2, before: 3, after: 3)).applying(PadZeros(axis: 3, before: 3, after: 3)) }
    network.apply("Conv2D", convolution(3, 64, 7, stride: 2))
    network.apply("BatchNormalization", BatchNorm(64))
    network.apply("Activation") { relu($0) }
    network.apply("MaxPool", MaxPool2D(3, stride: 2))
    var stages = ["after_stage1_maxpool": network.shape], inputs = 64
    for (stage, (blocks, width)) in zip(2..., [(3, 64), (4, 128), (6, 256), (3, 512)]) {
      for block in 0..<blocks {
        bottleneck(network, inputs, width, stride: block == 0 && stage > 2 ? 2 : 1, isProjected: block == 0)
        inputs = 4 * width
      }
      stages["after_stage\(stage)"] = network.shape
    }
    network.apply("AveragePooling2D", AveragePool2D(2))
    stages["after_avgpool"] = network.shape
    network.apply("Flatten") { $0.flattened }
    #expect(network.shape == [2048])
    network.apply("Dense", Linear(2048, 6, initializer: .zeros, using: &unused))
    try expect(network, "c4w2_resnet50_layers")

    let wanted = try expected("c4w2_resnet50_shapes")
    for (name, shape) in stages { #expect(shape == wanted[name].ints, "\(name)") }
    #expect(stages.count == 6 && network.layers.last?.count == Int(wanted["dense_params"].number) && [2048] == [Int(wanted["flatten"].number)])
    #expect(network.layers.reduce(0) { $0 + $1.count } == Int(wanted["total_params"].number))
    #expect(network.learnedCount == Int(wanted["trainable_params"].number))
  }

  private func bottleneck(_ network: LayerList, _ inputs: Int, _ width: Int, stride: Int, isProjected: Bool) {
    let x = network.x
    network.apply("Conv2D", convolution(inputs, width, 1, stride: stride))
    network.apply("BatchNormalization", BatchNorm(width))
    network.apply("Activation") { relu($0) }
    network.apply("Conv2D", convolution(width, width, 3, padding: .same))
    network.apply("BatchNormalization", BatchNorm(width))
    network.apply("Activation") { relu($0) }
    network.apply("Conv2D", convolution(width, 4 * width, 1))
    // Keras lists the two ways side by side.
    var main = network.x, shortcut = x
    if isProjected { shortcut = network.apply("Conv2D", convolution(inputs, 4 * width, 1, stride: stride), to: x) }
    main = network.apply("BatchNormalization", BatchNorm(4 * width), to: main)
    if isProjected { shortcut = network.apply("BatchNormalization", BatchNorm(4 * width), to: shortcut) }
    network.apply("Add") { _ in main + shortcut }
    network.apply("Activation") { relu($0) }
  }

  @Test func uNet() throws {
    let network = LayerList([3, 96, 128])
    network.note("InputLayer")
    var skips: [Node] = [], channels = 3
    func double(_ width: Int) {
      network.apply("Conv2D", convolution(channels, width, 3, padding: .same))
      network.apply("Conv2D", convolution(width, width, 3, padding: .same))
      channels = width
    }
    for (depth, width) in [32, 64, 128, 256, 512].enumerated() {
      double(width)
      if depth >= 3 { network.apply("Dropout", Dropout(0.3)) }
      if depth == 4 { break }
      skips.append(network.x)
      network.apply("MaxPool", MaxPool2D(2))
    }
    for width in [256, 128, 64, 32] {
      let up = ConvTranspose2D(channels, width, kernel: 3, stride: 2, padding: Padding(bottom: 1, right: 1), initializer: .zeros, using: &unused)
      network.apply("Conv2DTranspose", up)
      let skip = skips.removeLast()
      network.apply("Concatenate") { concatenated([$0, skip], axis: 1) }
      channels = 2 * width
      double(width)
    }
    network.apply("Conv2D", convolution(32, 32, 3, padding: .same))
    network.apply("Conv2D", convolution(32, 23, 1))
    try expect(network, "c4w3_unet_shapes")
  }

  /// A convolution of zeros: no time is spent on drawing 24 million weights.
  private func convolution(_ inputs: Int, _ outputs: Int, _ kernel: Int, stride: Int = 1, padding: ConvolutionPadding = .valid) -> Conv2D {
    Conv2D(inputs, outputs, kernel: kernel, stride: stride, padding: padding, initializer: .zeros, using: &unused)
  }

  private var unused: RandomNumbers {
    get { RandomNumbers(seed: 1) }
    nonmutating set {}
  }

  @Test func catPicturesAsRows() throws {
    let expected = try expected("c1w2a2_dataset_flatten"), pixels = Int(expected["num_px"].number)
    for set in ["train", "test"] {
      let file = try HDF5File(sharedFolder.appending(path: "data/cats/\(set)_catvnoncat.h5").path)
      let pictures = try file.array("\(set)_set_x"), labels = try #require(try file.array("\(set)_set_y").integers)
      let count = Int(expected["m_\(set)"].number)
      #expect(pictures.shape == [count, pixels, pixels, 3] && labels.count == count)
      // Examples are rows here, columns there.
      let recorder = Recorder(), flat = recorder.constant(pictures.tensor).flattened
      let rows = recorder.graph(returning: [flat]).compiled().run([])[0]
      #expect(rows.shape == [count, pixels * pixels * 3])
      #expect((0..<10).map { rows[1, $0] } == expected["\(set)_first10_of_image1"].floats)
    }
  }
}

/// Layers as they are applied: kind, shape of the result without the batch and with channels last, and how many numbers
/// the layer holds, statistics too.
private final class LayerList {
  private(set) var layers: [(kind: String, shape: [Int], count: Int)] = []
  private(set) var learnedCount = 0
  private(set) var x: Node

  init(_ input: [Int]) { x = Recorder().input("x", Shape([1] + input)) }

  var shape: [Int] { shape(of: x) }

  private func shape(of x: Node) -> [Int] {
    let shape = x.shape
    return shape.rank == 4 ? [shape[2], shape[3], shape[1]] : (1..<shape.rank).map { shape[$0] }
  }

  /// Notes what is there as a layer.
  func note(_ kind: String) { layers.append((kind, shape, 0)) }

  func apply(_ kind: String, _ function: (Node) -> Node) {
    x = function(x)
    note(kind)
  }

  func apply(_ kind: String, _ layer: some Layer) { x = apply(kind, layer, to: x) }

  /// The result of a layer on another value than the last.
  func apply(_ kind: String, _ layer: some Layer, to input: Node) -> Node {
    let result = layer(input, phase: .inference)
    layers.append((kind, shape(of: result), layer.parameters.reduce(0) { $0 + $1.parameter.value.count }))
    learnedCount += layer.parameterCount
    return result
  }
}
