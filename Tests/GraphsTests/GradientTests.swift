import Foundation
import Graphs
import Kernels
import Tensors
import Testing

/// The gradient rule of every operation against central differences.
@Suite struct GradientTests {
  /// An operation on inputs of some shapes. Numbers are drawn from ±[0.1, 1], with the first one or two varied.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let shapes: [Shape]
    /// Which inputs have gradients; nil for all.
    var checked: [Int]?
    /// Puts other numbers in the place of those that were drawn.
    var values: @Sendable (inout [Tensor]) -> Void = { _ in }
    let build: @Sendable (inout Graph, [Graph.Index]) throws -> Graph.Index
    var testDescription: String { name }

    init(
      _ name: String, _ shapes: [Shape], checked: [Int]? = nil, values: @escaping @Sendable (inout [Tensor]) -> Void = { _ in },
      build: @escaping @Sendable (inout Graph, [Graph.Index]) throws -> Graph.Index
    ) {
      self.name = name
      self.shapes = shapes
      self.checked = checked
      self.values = values
      self.build = build
    }

    init(_ operation: some Graphs.Operation, _ shapes: [Shape], checked: [Int]? = nil, values: @escaping @Sendable (inout [Tensor]) -> Void = { _ in }) {
      self.init("\(operation)", shapes, checked: checked, values: values) { graph, inputs in try graph.append(operation, inputs) }
    }
  }

  static let smooth: [Activation] = [
    .relu, .leaky(slope: 0.2), .logistic, .tanh, .elu, .selu, .swish, .mish, .gelu, .hardSwish, .loggy, .ramp, .piecewiseLinear, .relu6, .hardTanh,
  ]

  static let cases: [Case] = {
    var cases = smooth.map { Case(Activate($0), [[2, 3, 4, 5]]) }
    cases += [Activation.relu, .tanh, .mish].flatMap { activation -> [Case] in
      [
        Case(Add(activation: activation), [[3, 4], [3, 4]]),
        Case(FullyConnected(activation: activation), [[3, 4], [5, 4], [5]]),
        Case(MatrixMultiply(activation: activation), [[3, 4], [4, 2]]),
        Case(Convolution2D(padding: .all(1), activation: activation), [[2, 3, 5, 4], [4, 3, 3, 3], [4]]),
        Case(ConvolutionTranspose2D(stride: 2, activation: activation), [[1, 3, 3, 2], [3, 4, 3, 3], [4]], values: farFromKinks),
      ]
    }
    cases += [
      Case(Add(), [[2, 3], [2, 3]]), Case(Affine(scale: -1.5, shift: 2), [[2, 3]]), Case(Multiply(), [[2, 3, 4, 5], [2, 3, 4, 5]]),
      Case(BatchNormalization(epsilon: 1e-3), [[2, 3, 4, 5], [3], [3], [3], [3]], values: positiveVariance),
      Case(BatchNormalization(epsilon: 1e-3), [[6, 3], [3], [3], [3], [3]], values: positiveVariance),
      Case(BatchStatistics(), [[3, 5, 4, 2]]), Case(BatchStatistics(), [[4, 3]]), Case(BatchStatistics(), [[2, 17, 3, 3]]),
      Case(ConcatenateChannels(), [[2, 3, 2, 2], [2, 4, 2, 2]]), Case(ConcatenateChannels(), [[1, 16, 2, 2], [1, 4, 2, 2]]),
      Case(Crop2D(top: 1, left: 2, height: 2, width: 1), [[2, 3, 4, 4]]), Case(GlobalAverage(), [[2, 3, 4, 5]]),
      Case(GramMatrix(), [[1, 3, 4, 5]]), Case(GramMatrix(), [[1, 19, 3, 2]]),
      Case(LayerNormalization(), [[2, 3, 7], [7], [7]]), Case(FullyConnected(), [[3, 4], [5, 4]]),
      Case(LocallyConnected2D(size: 3, stride: 2, padding: 1), [[2, 2, 5, 5], [9, 3, 18], [3, 9]]),
      Case(Part(from: 3, [2, 2]), [[10]]), Case(PixelSequence(), [[2, 3, 2, 3]]),
      Case(PartialAdd(), [[1, 3, 2, 2], [1, 2, 4, 4]]), Case(PartialAdd(), [[1, 2, 4, 4], [1, 3, 2, 2]]), Case(PartialAdd(), [[1, 2, 3, 3], [1, 2, 3, 3]]),
      Case(Reshape([6, 2]), [[3, 4]]), Case(ScaleChannels(), [[2, 3, 4, 5], [2, 3, 1, 1]]), Case(SelectChannels(1..<3), [[2, 4, 2, 3]]),
      Case(SpaceToDepth(stride: 2), [[1, 8, 4, 4]]), Case(SpaceToDepth(stride: 2, reversed: true), [[1, 8, 2, 2]]),
      Case(Softmax(axis: -1), [[3, 5]]), Case(Softmax(axis: 1, temperature: 2), [[2, 4, 3]]), Case(Softmax(runs: [0..<2, 3..<6]), [[2, 7]]),
      Case(Upsample2D(factor: 2, scale: 1.5), [[2, 3, 2, 3]]),
      Case(Broadcast([3, 4, 5]), [[3, 1, 5]]), Case(Broadcast([2, 3]), [[1, 1]]), Case(Permute([2, 0, 1]), [[2, 3, 4]]), Case(Permute([1, 0]), [[3, 5]]),
      Case(Slice(axis: 1, 1..<3), [[2, 4, 3]]), Case(PadZeros(axis: 1, before: 2, after: 1), [[2, 3, 2]]), Case(PadZeros(axis: -1, before: 0, after: 3), [[4]]),
      Case(Concatenate(axis: 1), [[2, 3], [2, 1], [2, 4]]), Case(Concatenate(axis: 0), [[2, 3], [1, 3]]),
      Case(SoftmaxCrossEntropy(), [[3, 4], [3, 4]], checked: [0], values: distributions),
      Case(LogisticCrossEntropy(positiveWeight: 2.5), [[3, 4], [3, 4]], checked: [0], values: distributions),
      Case(ElementDropout(keep: 0.7), [[5, 8], [2]], checked: [0]),
      Case(TableLookup(), [[5, 3], [2, 4]], checked: [0]) { values in
        values[1] = Tensor([2, 4], [0, 4, 2, 2, 1, 0, 0, 3])
      },
      Case("batch normalization in training", [[3, 5, 4, 2], [5], [5]]) { graph, inputs in
        try trainingNormalization(&graph, inputs, epsilon: 1e-3)
      },
      Case("batch normalization of rows in training", [[6, 4], [4], [4]]) { graph, inputs in
        try trainingNormalization(&graph, inputs, epsilon: 1e-3)
      },
    ]
    let convolutions = [
      (3, 1, 1, 1, 1), (3, 2, 1, 1, 1), (3, 1, 2, 2, 1), (1, 1, 0, 1, 1), (1, 2, 0, 1, 1), (3, 1, 1, 1, 2), (5, 2, 2, 1, 1),
    ]
    cases += convolutions.map { kernel, stride, padding, dilation, groups in
      Case(
        Convolution2D(stride: stride, padding: .all(padding), dilation: dilation, groups: groups),
        [[2, 4, 7, 6], [6, 4 / groups, kernel, kernel], [6]])
    }
    cases += [
      Case(Convolution2D(padding: .all(1), groups: 6), [[2, 6, 5, 4], [6, 1, 3, 3]]),
      Case(Convolution2D(stride: 2, padding: Padding(top: 0, left: 1, bottom: 2, right: 0)), [[1, 3, 6, 7], [2, 3, 3, 2]]),
      Case(Convolution2D(padding: .all(1)), [[1, 18, 5, 5], [17, 18, 3, 3]]),
      Case(ConvolutionTranspose2D(stride: 2, padding: .all(1), outputPadding: 1), [[1, 3, 3, 2], [3, 4, 3, 3]]),
      Case(ConvolutionTranspose2D(outputPadding: 1, dilation: 2), [[1, 3, 3, 2], [3, 4, 2, 2], [4]]),
      Case(ConvolutionTranspose2D(groups: 2), [[1, 4, 3, 2], [4, 3, 2, 2]]),
    ]
    for kind in [PoolingKind.max, .average] {
      cases += [
        Case(Pooling2D(kind, size: 2, stride: 2), [[2, 3, 4, 6]], values: farApart),
        Case(Pooling2D(kind, size: 3, stride: 2, padding: .all(1)), [[1, 3, 5, 6]], values: farApart),
        Case(Pooling2D(kind, size: 2, stride: 1), [[1, 17, 3, 3]], values: farApart),
      ]
    }
    for (a, b) in [(false, false), (false, true), (true, false), (true, true)] {
      let left: Shape = a ? [4, 3] : [3, 4], right: Shape = b ? [2, 4] : [4, 2]
      cases.append(Case(MatrixMultiply(transposesA: a, transposesB: b), [left, right]))
      cases.append(
        Case(MatrixMultiply(transposesA: a, transposesB: b), [Shape([2] + left.indices.map { left[$0] }), Shape([2] + right.indices.map { right[$0] })]))
      if !a { cases.append(Case(MatrixMultiply(transposesB: b), [[2, 3, 4], right])) }
    }
    for kind in [Reduction.sum, .mean, .max, .min] {
      cases += [Case(Reduce(kind, axes: [1]), [[2, 3, 4]], values: farApart)]
      cases += [Case(Reduce(kind, axes: [0, -1], keepsAxes: true), [[2, 3, 4]], values: farApart)]
    }
    for function in [ElementaryFunction.exponential, .logarithm, .squareRoot, .reciprocal, .magnitude, .square] {
      cases.append(Case(Elementary(function), [[3, 4]]) { $0[0] = Tensor([3, 4], $0[0].elements.map { abs($0) + 0.3 }) })
    }
    for (interpolation, coordinates) in [
      (ResizePlan.Interpolation.bilinear, ResizePlan.Coordinates.halfPixel), (.bilinear, .alignCorners), (.nearest(.floor), .asymmetric),
    ] {
      cases += [
        Case(Resize2D(height: 5, width: 7, interpolation, coordinates: coordinates), [[1, 2, 3, 4]]),
        Case(Resize2D(height: 2, width: 3, interpolation, coordinates: coordinates), [[1, 2, 5, 4]]),
      ]
    }
    for cell in [RecurrentCell.gru, .lstm] {
      let rows = cell.gates * 3, weights: [Shape] = [[rows, 2], [rows, 3], [rows], [rows]]
      let states = [Shape](repeating: [1, 2, 3], count: cell == .lstm ? 2 : 1)
      cases += [
        Case(Recurrent(cell), [[2, 4, 2]] + weights), Case(Recurrent(cell, directions: .both), [[2, 4, 2]] + weights + weights),
        Case(Recurrent(cell, isBatchFirst: false, hasInitialState: true, result: .states), [[4, 2, 2]] + weights + states),
        Case(Recurrent(cell, hasLengths: true), [[2, 4, 2]] + weights + [[2]], checked: Array(0...4)) { $0[5] = Tensor([2], [4, 2]) },
      ]
    }
    return cases
  }()

  @Test(arguments: cases) func theRuleAgreesWithDifferences(_ c: Case) throws {
    var random = RandomNumbers(seed: 7), graph = Graph()
    let inputs = c.shapes.enumerated().map { graph.input("input \($0.offset)", $0.element) }
    var values = c.shapes.map { shape in
      Tensor(shape, (0..<shape.count).map { _ in random.uniform(in: 0.1..<1) * (random.uniform() < 0.5 ? -1 : 1) })
    }
    c.values(&values)
    let result = try c.build(&graph, inputs), shape = graph[result].shape
    let weights = graph.constant("weights", Tensor(shape, uniformIn: -1..<1, using: &random))
    let loss = try graph.append(Reduce(.sum, axes: Array(shape.indices)), [try graph.append(Multiply(), [result, weights])])
    let checks = try graph.checkGradients(of: loss, by: (c.checked ?? Array(inputs.indices)).map { inputs[$0] }, at: values, step: 0.005)
    for check in checks {
      #expect(check.isRight, "\(check.name): \(check.relativeDifference), worst \(check.worst)")
    }
  }

  /// Every file of operations has a case, or is one that passes make, or a leaf.
  @Test func everyOperationHasACase() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Sources/Graphs/Ops")
    let operations = try FileManager.default.contentsOfDirectory(atPath: folder.path).map { $0.replacingOccurrences(of: ".swift", with: "") }
    let withoutRule: Set = ["ChangeLayout", "Constant", "Input", "ExpandedDepthwise2D", "FusedElementwise", "RecurrentGradient"]
    let withoutGradient: Set = ["LargestIndex", "Equal"]
    #expect(operations.count > 40)
    for operation in operations where !withoutRule.contains(operation) && !withoutGradient.contains(operation) {
      #expect(Self.cases.contains { $0.name.hasPrefix("\(operation)(") }, "\(operation) has no case")
    }
  }

  @Test func aValueThatIsUsedTwiceHasBothGradients() throws {
    var graph = Graph()
    let x = graph.input("x", [3]), y = graph.input("y", [3])
    let square = try graph.append(Multiply(), [x, x])
    let loss = try graph.append(Reduce(.sum, axes: [0]), [try graph.append(Add(), [square, x])])
    graph.outputs = try graph.gradients(of: loss, by: [x, y, loss])
    let found = graph.compiled().run([Tensor([3], [1, 2, -3]), Tensor([3], [1, 1, 1])])
    #expect(found[0].elements == [3, 5, -5] && found[1].elements == [0, 0, 0] && found[2].elements == [1])
  }

  @Test func whatHasNoGradientSaysSo() throws {
    var graph = Graph()
    let z = graph.input("z", [1, 2]), t = graph.input("t", [1, 2])
    let loss = try graph.append(SoftmaxCrossEntropy(), [z, t], name: "loss")
    #expect(throws: ShapeError.self) { _ = try graph.gradients(of: loss, by: [t]) }
    do { _ = try graph.gradients(of: loss, by: [t]) } catch { #expect("\(error)".contains("loss") && "\(error)".contains("targets")) }
  }

  @Test func aWrongRuleIsFound() {
    let right = GradientCheck(name: "x", gradient: [1, 2, 3], differences: [1, 2.0001, 3])
    let wrong = GradientCheck(name: "x", gradient: [1, 2, 3], differences: [1, 2, 3.2])
    #expect(right.isRight && !wrong.isRight && wrong.worst.element == 2)
    #expect(GradientCheck(name: "x", gradient: [0], differences: [0]).relativeDifference == 0)
  }

  private static func trainingNormalization(_ graph: inout Graph, _ inputs: [Graph.Index], epsilon: Float) throws -> Graph.Index {
    let channels = graph[inputs[1]].shape, statistics = try graph.append(BatchStatistics(), [inputs[0]])
    let mean = try graph.append(Part(from: 0, channels), [statistics]), variance = try graph.append(Part(from: channels[0], channels), [statistics])
    return try graph.append(BatchNormalization(epsilon: epsilon), [inputs[0], inputs[1], inputs[2], mean, variance])
  }

  /// Numbers that differ by more than the step of the differences, in a shuffled order.
  @Sendable private static func farApart(_ values: inout [Tensor]) {
    let count = values[0].count, stride = (1...count).first { $0 > count / 2 && gcd($0, count) == 1 } ?? 1
    values[0] = Tensor(values[0].shape, (0..<count).map { 0.05 * Float($0 * stride % count) - 1 })
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }

  /// A bias that keeps all sums on one side of 0 or the other, channel by channel.
  @Sendable private static func farFromKinks(_ values: inout [Tensor]) {
    values[2] = Tensor(values[2].shape, values[2].elements.indices.map { $0 % 2 == 0 ? 1.5 : -1.5 })
    for index in 0..<2 { values[index] = Tensor(values[index].shape, values[index].elements.map { $0 / 4 }) }
  }

  @Sendable private static func positiveVariance(_ values: inout [Tensor]) {
    values[4] = Tensor(values[4].shape, values[4].elements.map { abs($0) + 0.5 })
  }

  @Sendable private static func distributions(_ values: inout [Tensor]) {
    values[1] = Tensor(values[1].shape, values[1].elements.map { abs($0) / 2 })
  }
}
