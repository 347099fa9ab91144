import Foundation
import Graphs
import Kernels
import Learning
import Tensors
import Testing

/// The named networks: how many parameters they have, and what they make of pictures, against torchvision (`Fixtures/networks.py` made the numbers).
@Suite struct NetworkTests {
  struct Reference: Decodable {
    let input, at: [Int]
    let largest: Float
    let logits: [[Float]]
  }

  /// What one step in training gives: of each parameter's gradient the length, and its product with noise.
  struct Training: Decodable {
    let input: [Int]
    let loss: Float
    let products, lengths: [Double]
  }

  /// The formula of the script: the noise of the other fixtures, with its bits mixed once more.
  private static func mixedNoise(_ k: Int, _ shape: Shape, scale: Float = 1, plus shift: Float = 0) -> Tensor {
    var result = Tensor(shape)
    result.withMutableSpan { span in
      for i in span.indices {
        var word = UInt32(truncatingIfNeeded: i + 1000 * k) &* 2_654_435_761 &+ 12_345
        word ^= word >> 15
        word &*= 2_246_822_519
        word ^= word >> 13
        span[i] = Float((Double(word) / 4_294_967_296 - 0.5) * Double(scale)) + shift
      }
    }
    return result
  }

  /// Parameters by the formula, in order.
  private static func fill(_ network: inout some Layer) {
    var number = 0
    network.forEachParameter { name, parameter in
      let shape = parameter.value.shape
      if shape.rank >= 2 {
        let fan = Double(shape.count / shape[0])
        parameter.value = mixedNoise(number, shape, scale: Float(2 * (6 / fan).squareRoot()))
      } else {
        let isOne = name.hasSuffix("weight") || name.hasSuffix("running_var")
        parameter.value = mixedNoise(number, shape, scale: 0.2, plus: isOne ? 1 : 0)
      }
      number += 1
    }
  }

  private func check(_ name: String, _ network: some Layer) throws {
    let expected = try #require(try fixture("networks.json", as: Document.self).networks[name], "\(name)"), shape = Shape(expected.input)
    var network = network
    Self.fill(&network)
    let recorder = Recorder(), y = network(recorder.input("pictures", shape), phase: .inference)
    let logits = recorder.graph(returning: [y]).compiled(for: Processor(threadCount: 2)).run([Self.mixedNoise(500, shape, scale: 2)])[0]
    let largest = logits.elements.map { Swift.abs($0) }.max() ?? 0
    #expect(Swift.abs(largest - expected.largest) <= 1e-4 * expected.largest, "\(name): the largest is \(largest), expected \(expected.largest)")
    var difference: Float = 0
    for (row, values) in expected.logits.enumerated() {
      for (place, value) in zip(expected.at, values) { difference = max(difference, Swift.abs(logits[row, place] - value)) }
    }
    #expect(difference <= 1e-4 * expected.largest, "\(name): logits are off by \(difference), the largest is \(expected.largest)")
  }

  private struct Document: Decodable {
    let networks: [String: Reference]
    let training: [String: Training]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      training = try container.decode([String: Training].self, forKey: Key(stringValue: "training"))
      networks = try container.allKeys.reduce(into: [:]) { found, key in
        let name = key.stringValue
        if !name.hasPrefix("torch") && name != "training" { found[name] = try container.decode(Reference.self, forKey: key) }
      }
    }

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
  }

  // MARK: Logits

  @Test func leNet5() throws {
    var random = RandomNumbers(seed: 1)
    try check("lenet-5", LeNet5(using: &random))
  }

  @Test func alexNet() throws {
    var random = RandomNumbers(seed: 1)
    try check("alexnet", AlexNet(units: 64, using: &random))
  }

  @Test func vgg16() throws {
    var random = RandomNumbers(seed: 1)
    try check("vgg-16", VGG16(units: 64, using: &random))
  }

  @Test func resNets() throws {
    var random = RandomNumbers(seed: 1)
    try check("resnet-18", ResNet.resNet18(using: &random))
    try check("resnet-50", ResNet.resNet50(using: &random))
  }

  @Test func inceptionV1() throws {
    var random = RandomNumbers(seed: 1)
    try check("inception-v1", InceptionV1(using: &random))
  }

  @Test func mobileNetV2() throws {
    var random = RandomNumbers(seed: 1)
    try check("mobilenet-v2", MobileNetV2(using: &random))
  }

  @Test func efficientNetLite0() throws {
    var random = RandomNumbers(seed: 1)
    try check("efficientnet-lite0", EfficientNetLite0(using: &random))
  }

  @Test func aLinearUnit() {
    var network = LogisticRegression(inputs: 12)
    #expect(network.parameters.allSatisfy { $0.parameter.value.elements.allSatisfy { $0 == 0 } })
    let x = noise(1, [3, 3, 2, 2]), w = noise(2, [1, 12])
    network.linear.weight.value = w
    network.linear.bias?.value = Tensor([1], [0.25])
    let found = output(of: network, x)
    let expected = (0..<3).map { row in (0..<12).reduce(Float(0.25)) { $0 + w.elements[$1] * x.elements[12 * row + $1] } }
    #expect(found.shape == [3, 1])
    expectClose(found.elements, expected, "logits")
  }

  @Test(arguments: [Activation.relu, .tanh, .logistic]) func layersOfUnits(activation: Activation) {
    var random = RandomNumbers(seed: 3)
    let sizes = [6, 5, 4, 2], network = MultilayerPerceptron(sizes, activation: activation, dropout: 0.5, using: &random)
    #expect(network.parameters.map(\.name) == (0..<3).flatMap { ["layers.\($0).weight", "layers.\($0).bias"] })
    let x = noise(1, [3, 6], scale: 4)
    var expected = (0..<3).map { row in (0..<6).map { x[row, $0] } }
    for (number, layer) in network.layers.enumerated() {
      expected = expected.map { row in
        (0..<sizes[number + 1]).map { unit in
          let sum = row.indices.reduce(layer.bias?.value[unit] ?? 0) { $0 + layer.weight.value[unit, $1] * row[$1] }
          return number == 2 ? sum : activation.applied(to: sum)
        }
      }
    }
    expectClose(output(of: network, x).elements, expected.flatMap { $0 }, "\(activation)")
  }

  private func output(of network: some Layer, _ x: Tensor) -> Tensor {
    let recorder = Recorder(), y = network(recorder.input("x", x.shape), phase: .inference)
    return recorder.graph(returning: [y]).compiled(for: Processor(threadCount: 2)).run([x])[0]
  }

  // MARK: Parameters

  /// Those of the papers, as torchvision has them.
  @Test func parametersAreCounted() {
    var random = RandomNumbers(seed: 1)
    func expect(_ count: Int, _ network: some Layer) { #expect(network.parameterCount == count, "\(type(of: network))") }
    expect(12289, LogisticRegression(inputs: 12288))
    expect(245_760 + 20 + 140 + 7 + 35 + 5 + 5 + 1, MultilayerPerceptron([12288, 20, 7, 5, 1], using: &random))
    expect(61706, LeNet5(using: &random))
    expect(61_100_840, AlexNet(using: &random))
    expect(138_357_544, VGG16(using: &random))
    expect(11_689_512, ResNet.resNet18(using: &random))
    expect(25_557_032, ResNet.resNet50(using: &random))
    expect(6_624_904, InceptionV1(using: &random))
    expect(3_504_872, MobileNetV2(using: &random))
    expect(4_652_008, EfficientNetLite0(using: &random))
  }

  /// What a network stores, it shows to visitors: else it would be neither trained nor saved.
  @Test func everyParameterIsVisited() {
    var random = RandomNumbers(seed: 1)
    func stored(_ value: Any) -> Int { value is Parameter ? 1 : Mirror(reflecting: value).children.reduce(0) { $0 + stored($1.value) } }
    func expect(_ module: some Module) {
      let names = module.parameters.map(\.name)
      #expect(names.count == stored(module), "\(type(of: module))")
      #expect(Set(names).count == names.count, "\(type(of: module)): a name is there twice")
    }
    expect(LogisticRegression(inputs: 2))
    expect(MultilayerPerceptron([2, 3, 1], using: &random))
    expect(LeNet5(using: &random))
    expect(AlexNet(classes: 2, units: 2, using: &random))
    expect(VGG16(classes: 2, units: 2, using: &random))
    expect(ResNet.resNet18(classes: 2, width: 4, using: &random))
    expect(ResNet.resNet50(classes: 2, width: 4, using: &random))
    expect(InceptionV1(classes: 2, using: &random))
    expect(MobileNetV2(classes: 2, using: &random))
    expect(EfficientNetLite0(classes: 2, using: &random))
    expect(Conv1D(2, 2, kernel: 2, using: &random))
    expect(ConvTranspose2D(2, 2, kernel: 2, using: &random))
    expect(BatchNorm(2))
    expect(LayerNorm(2))
    expect(InstanceNorm(2))
    expect(Embedding(2, 2, using: &random))
    expect(RNN(inputs: 2, units: 2, using: &random))
    expect(RecurrentLayers(.lstm, inputs: 2, units: 2, layers: 2, isBidirectional: true, using: &random))
  }

  @Test func namesAreTorchvisions() {
    var random = RandomNumbers(seed: 1)
    func names(_ module: some Module) -> Set<String> { Set(module.parameters.map(\.name)) }
    #expect(names(AlexNet(classes: 2, units: 2, using: &random)).isSuperset(of: ["features.0.weight", "features.10.bias", "classifier.6.bias"]))
    #expect(names(VGG16(classes: 2, units: 2, using: &random)).isSuperset(of: ["features.28.weight", "classifier.0.bias", "classifier.6.weight"]))
    #expect(
      names(ResNet.resNet18(classes: 2, width: 4, using: &random))
        .isSuperset(of: ["bn1.running_var", "layer2.0.downsample.0.weight", "layer4.1.bn2.running_mean", "fc.bias"]))
    #expect(
      names(ResNet.resNet50(classes: 2, width: 4, using: &random))
        .isSuperset(of: ["layer1.0.downsample.1.bias", "layer3.5.conv3.weight", "layer4.2.bn3.weight"]))
    #expect(
      names(InceptionV1(classes: 2, using: &random))
        .isSuperset(of: ["conv3.bn.weight", "inception4e.branch2.1.conv.weight", "inception5b.branch4.1.bn.bias", "inception3a.branch1.conv.weight"]))
  }

  // MARK: Learning

  private func checkTraining(_ name: String, _ network: some Layer) throws {
    let expected = try #require(try fixture("networks.json", as: Document.self).training[name], "\(name)"), shape = Shape(expected.input)
    var network = network, targets = Tensor([shape[0], 1000])
    Self.fill(&network)
    for row in 0..<shape[0] { targets[row, 3 * row + 1] = 1 }
    var step = TrainingStep(network, inputs: [("x", shape), ("targets", targets.shape)], processor: Processor(threadCount: 2)) {
      softmaxCrossEntropy($0($1[0], phase: .training), $1[1])
    }
    let loss = step.run([Self.mixedNoise(500, shape, scale: 2), targets])
    #expect(Swift.abs(loss - expected.loss) < 1e-4 * expected.loss, "\(name): \(loss), expected \(expected.loss)")
    // A rectifier that rounding has on the other side of 0 changes gradients by 1 % in PyTorch, too: the script says how much. Some parameters have
    // none but by rounding, such as a bias before a normalisation.
    let floor = 1e-3 * (expected.lengths.max() ?? 0)
    #expect(step.gradients.count == expected.lengths.count)
    for (number, gradient) in step.gradients.enumerated() {
      let factors = Self.mixedNoise(number, gradient.shape), g = gradient.span, f = factors.span
      var product = 0.0, square = 0.0
      for index in g.indices {
        product += Double(g[index]) * Double(f[index])
        square += Double(g[index]) * Double(g[index])
      }
      let tolerance = 0.03 * max(floor, expected.lengths[number]), parameter = step.names[number]
      let difference = max(Swift.abs(product - expected.products[number]), Swift.abs(square.squareRoot() - expected.lengths[number]))
      #expect(difference <= tolerance, "\(name), gradient of \(parameter): off by \(difference), its length is \(expected.lengths[number])")
    }
  }

  @Test func gradientsOfPlainNetworks() throws {
    var random = RandomNumbers(seed: 1)
    try checkTraining("alexnet", AlexNet(units: 64, dropout: 0, using: &random))
    try checkTraining("inception-v1", InceptionV1(dropout: 0, using: &random))
  }

  @Test func gradientsOfResidualNetworks() throws {
    var random = RandomNumbers(seed: 1)
    try checkTraining("resnet-18", ResNet.resNet18(using: &random))
    try checkTraining("resnet-50", ResNet.resNet50(using: &random))
    try checkTraining("mobilenet-v2", MobileNetV2(dropout: 0, using: &random))
    try checkTraining("efficientnet-lite0", EfficientNetLite0(dropout: 0, using: &random))
  }

  @Test func eachNetworkLearns() {
    var random = RandomNumbers(seed: 7)
    func check(_ network: some Layer, _ shape: Shape, rate: Float) {
      var step = TrainingStep(network, inputs: [("x", shape), ("targets", [4, 3])], processor: Processor(threadCount: 2)) {
        softmaxCrossEntropy($0($1[0], phase: .training), $1[1])
      }
      var targets = Tensor([4, 3]), optimizer = Adam(learningRate: rate)
      for row in 0..<4 { targets[row, row % 3] = 1 }
      let x = Self.mixedNoise(3, shape, scale: 2)
      let losses = (0..<4).map { _ in
        defer { step.update(with: &optimizer) }
        return step.run([x, targets], seed: 1)
      }
      #expect(losses[3] < losses[0] && losses.allSatisfy { $0.isFinite }, "\(type(of: network)): \(losses)")
      for (name, gradient) in zip(step.names, step.gradients) {
        #expect(gradient.elements.contains { $0 != 0 }, "\(type(of: network)): nothing moves \(name)")
      }
    }
    check(MultilayerPerceptron([12, 8, 3], dropout: 0.2, using: &random), [4, 3, 2, 2], rate: 1e-2)
    check(LeNet5(channels: 1, classes: 3, using: &random), [4, 1, 32, 32], rate: 1e-3)
    check(AlexNet(classes: 3, units: 16, dropout: 0, using: &random), [4, 3, 70, 70], rate: 1e-4)
    check(ResNet.resNet18(classes: 3, width: 8, using: &random), [4, 3, 48, 48], rate: 1e-3)
    check(ResNet.resNet50(classes: 3, width: 8, using: &random), [4, 3, 48, 48], rate: 1e-3)
    check(InceptionV1(classes: 3, dropout: 0, using: &random), [4, 3, 48, 48], rate: 1e-3)
    check(MobileNetV2(classes: 3, dropout: 0, using: &random), [4, 3, 48, 48], rate: 1e-3)
    check(EfficientNetLite0(classes: 3, dropout: 0, using: &random), [4, 3, 48, 48], rate: 1e-3)
  }
}

extension Activation {
  fileprivate func applied(to x: Float) -> Float {
    switch self {
    case .relu: max(0, x)
    case .tanh: Foundation.tanh(x)
    default: 1 / (1 + Foundation.exp(-x))
    }
  }
}
