import Graphs
import Kernels
import Tensors
import Testing

/// Each operation on inputs small enough to work out by hand.
@Suite struct OperationTests {
  private func value(_ operation: some Operation, _ inputs: [Tensor]) throws -> Tensor {
    var graph = Graph()
    let indices = inputs.enumerated().map { graph.input("input \($0)", $1.shape) }
    graph.outputs = [try graph.append(operation, indices, name: "node")]
    return Program(graph, processor: Processor(threadCount: 2)).run(inputs)[0]
  }

  private func counting(_ shape: Shape, from first: Float = 0) -> Tensor { Tensor(shape, (0..<shape.count).map { first + Float($0) }) }

  @Test func convolutionWithWeightsThatChange() throws {
    let x = counting([1, 1, 3, 3]), w = Tensor([1, 1, 2, 2], [1, 0, 0, 2])
    #expect(try value(Convolution2D(), [x, w]) == Tensor([1, 1, 2, 2], [8, 11, 17, 20]))
    #expect(try value(Convolution2D(), [x, w, Tensor([1], [-10])]) == Tensor([1, 1, 2, 2], [-2, 1, 7, 10]))
    #expect(try value(Convolution2D(activation: .relu), [x, w, Tensor([1], [-10])]) == Tensor([1, 1, 2, 2], [0, 1, 7, 10]))
  }

  @Test func transposedConvolution() throws {
    let x = counting([1, 1, 2, 2], from: 1), w = Tensor([1, 1, 2, 2], [1, 10, 100, 1000])
    #expect(
      try value(ConvolutionTranspose2D(stride: 2), [x, w])
        == Tensor([1, 1, 4, 4], [1, 10, 2, 20, 100, 1000, 200, 2000, 3, 30, 4, 40, 300, 3000, 400, 4000]))
    let y = try value(ConvolutionTranspose2D(), [x, w, Tensor([1], [-12])])
    #expect(y == Tensor([1, 1, 3, 3], [-11, 0, 8, 91, 1222, 2028, 288, 3388, 3988]))
    let cut = ConvolutionTranspose2D(padding: Padding(top: 1, right: 1), activation: .relu)
    #expect(try value(cut, [x, w, Tensor([1], [-100])]) == Tensor([1, 1, 2, 2], [3, 1134, 200, 3300]))
    // Beyond what the window reaches there is the bias alone.
    let gaps = ConvolutionTranspose2D(stride: 3, padding: .all(1), outputPadding: 2)
    #expect(try value(gaps, [counting([1, 1, 1, 2], from: 1), w, Tensor([1], [7])]) == Tensor([1, 1, 2, 5], [1007, 7, 207, 2007, 7, 7, 7, 7, 7, 7]))
  }

  @Test func transposedConvolutionOfManyChannels() throws {
    let x = Tensor([2, 6, 5, 4], (0..<240).map { Float($0 * 7 % 11) - 5 }), w = Tensor([6, 4, 3, 3], (0..<216).map { Float($0 * 5 % 7) - 3 })
    let bias = counting([8])
    let y = try value(ConvolutionTranspose2D(stride: 2, padding: .all(1), outputPadding: 1, groups: 2), [x, w, bias])
    let geometry = PatchGeometry(inputHeight: 10, inputWidth: 8, outputWidth: 4, kernelHeight: 3, kernelWidth: 3, stride: 2, dilation: 1, top: 1, left: 1)
    let expected = Reference.convolutionDataGradient(
      x.elements, batch: 2, channels: 8, outputs: 6, groups: 2, geometry: geometry, outputHeight: 5, weights: w.elements, bias: bias.elements)
    #expect(y == Tensor([2, 8, 10, 8], expected))
    var graph = Graph()
    let input = graph.input("x", x.shape), weights = graph.constant("w", w), added = graph.constant("b", bias)
    graph.outputs = [
      try graph.append(ConvolutionTranspose2D(stride: 2, padding: .all(1), outputPadding: 1, groups: 2), [input, weights, added], name: "y")
    ]
    #expect(Program(graph, processor: Processor(threadCount: 2)).run([x]) == [y])
  }

  @Test func transposedConvolutionRefusesShapesThatDoNotFit() {
    let x = counting([1, 4, 3, 3])
    for (operation, w) in [
      (ConvolutionTranspose2D(), Tensor([3, 1, 2, 2])), (ConvolutionTranspose2D(groups: 3), Tensor([4, 1, 2, 2])), (ConvolutionTranspose2D(), Tensor([4, 2])),
      (ConvolutionTranspose2D(padding: .all(3)), Tensor([4, 1, 2, 2])), (ConvolutionTranspose2D(stride: 2, outputPadding: 2), Tensor([4, 1, 2, 2])),
      (ConvolutionTranspose2D(stride: 0), Tensor([4, 1, 2, 2])),
    ] { #expect(throws: ShapeError.self) { try value(operation, [x, w]) } }
    #expect(throws: ShapeError.self) { try value(ConvolutionTranspose2D(), [x, Tensor([4, 2, 1, 1]), Tensor([3])]) }
  }

  @Test func locallyConnected() throws {
    let x = counting([2, 1, 2, 2]), w = Tensor([4, 1, 1], [1, 10, 100, 1000]), b = Tensor([1, 4], [1, 1, 1, 1])
    let y = try value(LocallyConnected2D(size: 1, stride: 1, padding: 0), [x, w, b])
    #expect(y == Tensor([2, 1, 2, 2], [1, 11, 201, 3001, 5, 51, 601, 7001]))
  }

  @Test func batchNormalization() throws {
    let x = counting([1, 2, 1, 2]), ones = Tensor([2], [1, 1])
    let y = try value(
      BatchNormalization(epsilon: 0), [x, Tensor([2], [2, 1]), Tensor([2], [0, 5]), Tensor([2], [1, 0]), Tensor([2], [4, 1])])
    #expect(y == Tensor([1, 2, 1, 2], [-1, 0, 7, 8]))
    #expect(throws: ShapeError.self) { try value(BatchNormalization(epsilon: 0), [x, ones, ones, ones, Tensor([3])]) }
  }

  @Test func poolings() throws {
    let x = counting([1, 1, 3, 3])
    #expect(try value(Pooling2D(.max, size: 2, stride: 1), [x]) == Tensor([1, 1, 2, 2], [4, 5, 7, 8]))
    let padded = try value(Pooling2D(.max, size: 2, stride: 1, padding: Padding(bottom: 1, right: 1)), [x])
    #expect(padded == Tensor([1, 1, 3, 3], [4, 5, 5, 7, 8, 8, 7, 8, 8]))
    #expect(try value(Pooling2D(.average, size: 3, stride: 3), [x]) == Tensor([1, 1, 1, 1], [4]))
    #expect(try value(GramMatrix(), [Tensor([1, 2, 1, 3], [1, 2, 3, 4, 5, 6])]) == Tensor([2, 2], [14, 32, 32, 77]))
    #expect(throws: ShapeError.self) { try value(GramMatrix(), [Tensor([2, 2, 1, 1])]) }
    #expect(try value(GlobalAverage(), [counting([1, 2, 2, 2])]) == Tensor([1, 2, 1, 1], [1.5, 5.5]))
  }

  @Test func movements() throws {
    let x = counting([1, 1, 2, 2])
    let up = try value(Upsample2D(factor: 2, scale: 3), [x])
    #expect(up == Tensor([1, 1, 4, 4], [0, 0, 3, 3, 0, 0, 3, 3, 6, 6, 9, 9, 6, 6, 9, 9]))
    let two = counting([2, 1, 1, 2]), four = counting([2, 2, 1, 2], from: 10)
    #expect(try value(ConcatenateChannels(), [two, four]) == Tensor([2, 3, 1, 2], [0, 1, 10, 11, 12, 13, 2, 3, 14, 15, 16, 17]))
    #expect(try value(SelectChannels(1..<2), [four]) == Tensor([2, 1, 1, 2], [12, 13, 16, 17]))
    #expect(try value(Crop2D(top: 1, left: 1, height: 1, width: 2), [counting([1, 1, 3, 3])]) == Tensor([1, 1, 1, 2], [4, 5]))
    #expect(try value(Reshape([4]), [x]) == Tensor([4], [0, 1, 2, 3]))
  }

  @Test func spaceToDepthIsUndoneByItsReverse() throws {
    let x = counting([2, 8, 4, 6])
    let there = try value(SpaceToDepth(stride: 2), [x])
    #expect(there.shape == [2, 32, 2, 3] && there != x.reshaped([2, 32, 2, 3]))
    #expect(try value(SpaceToDepth(stride: 2, reversed: true), [there.reshaped([2, 8, 4, 6])]) == x.reshaped([2, 2, 8, 12]))
  }

  @Test func arithmetic() throws {
    let a = Tensor([1, 2, 1, 2], [1, -2, 3, -4]), b = Tensor([1, 2, 1, 2], [1, 1, -5, 1])
    #expect(try value(Add(), [a, b]) == Tensor([1, 2, 1, 2], [2, -1, -2, -3]))
    #expect(try value(Add(activation: .relu), [a, b]) == Tensor([1, 2, 1, 2], [2, 0, 0, 0]))
    #expect(try value(Multiply(), [a, b]) == Tensor([1, 2, 1, 2], [1, -2, -15, -4]))
    #expect(try value(ScaleChannels(), [a, Tensor([1, 2, 1, 1], [2, 3])]) == Tensor([1, 2, 1, 2], [2, -4, 9, -12]))
    #expect(try value(Affine(scale: 2, shift: -1), [a]) == Tensor([1, 2, 1, 2], [1, -5, 5, -9]))
    #expect(throws: ShapeError.self) { try value(Add(), [a, Tensor([4])]) }
  }

  @Test func partialAddStepsOverTheLargerMap() throws {
    let a = Tensor([1, 1, 2, 2]), b = counting([1, 3, 4, 4])
    #expect(try value(PartialAdd(), [a, b]) == Tensor([1, 1, 2, 2], [0, 2, 8, 10]))
    let large = Tensor([1, 2, 4, 4], repeating: 1), small = Tensor([1, 1, 2, 2], [1, 2, 3, 4])
    let y = try value(PartialAdd(), [large, small])
    #expect(y.elements == [2, 1, 3, 1, 1, 1, 1, 1, 4, 1, 5, 1, 1, 1, 1, 1] + [Float](repeating: 1, count: 16))
  }

  @Test func matrixProducts() throws {
    let a = counting([2, 3]), b = counting([3, 2])
    let product = Tensor([2, 2], [10, 13, 28, 40])
    #expect(try value(MatrixMultiply(), [a, b]) == product)
    #expect(try value(MatrixMultiply(activation: .relu6), [a, b]) == Tensor([2, 2], repeating: 6))
    let aTransposed = Tensor([3, 2], [0, 3, 1, 4, 2, 5]), bTransposed = Tensor([2, 3], [0, 2, 4, 1, 3, 5])
    #expect(try value(MatrixMultiply(transposesA: true), [aTransposed, b]) == product)
    #expect(try value(MatrixMultiply(transposesB: true), [a, bTransposed]) == product)
    #expect(try value(MatrixMultiply(transposesA: true, transposesB: true), [aTransposed, bTransposed]) == product)
    let items = counting([5, 1, 2]), others = counting([5, 2, 1])
    #expect(try value(MatrixMultiply(), [items, others]) == Tensor([5, 1, 1], [1, 13, 41, 85, 145]))
    #expect(try value(MatrixMultiply(), [items, Tensor([2, 1], [1, 10])]) == Tensor([5, 1, 1], [10, 32, 54, 76, 98]))
    #expect(throws: ShapeError.self) { try value(MatrixMultiply(), [a, a]) }
    #expect(throws: ShapeError.self) { try value(MatrixMultiply(), [b, items]) }
  }

  @Test func aLinearLayerPacksItsWeightsOrReadsThem() throws {
    var random = RandomNumbers(seed: 4)
    let x = Tensor([40, 70], normalWith: 1, using: &random), w = Tensor([33, 70], normalWith: 1, using: &random), b = Tensor([33], normalWith: 1, using: &random)
    var graph = Graph()
    let input = graph.input("x", x.shape)
    graph.outputs = [try graph.append(FullyConnected(activation: .relu), [input, graph.constant("w", w), graph.constant("b", b)])]
    let packed = Program(graph, processor: Processor(threadCount: 2)).run([x])[0]
    #expect(try value(FullyConnected(activation: .relu), [x, w, b]) == packed)
    for row in 0..<40 {
      let one = try value(FullyConnected(activation: .relu), [Tensor([1, 70], (0..<70).map { x[row, $0] }), w, b])
      for column in 0..<33 { #expect(abs(one[0, column] - packed[row, column]) <= 2e-5 * (1 + abs(one[0, column]))) }
    }
  }

  @Test func linearAndSoftmax() throws {
    let x = Tensor([2, 2], [1, 2, 3, 4]), w = Tensor([3, 2], [1, 0, 0, 1, 1, 1])
    #expect(try value(FullyConnected(), [x, w, Tensor([3], [0, 0, 10])]) == Tensor([2, 3], [1, 2, 13, 3, 4, 17]))
    let y = try value(Softmax(runs: [0..<2, 2..<4]), [Tensor([1, 5], [0, 0, 1, 1, 7])])
    #expect(y == Tensor([1, 5], [0.5, 0.5, 0.5, 0.5, 7]))
  }

  @Test func softmaxAndNormalizationOverAnAxis() throws {
    let x = Tensor([1, 2, 2], [0, 0, 1, 3])
    let last = try value(Softmax(axis: -1), [x]).elements, middle = try value(Softmax(axis: 1), [x]).elements
    #expect(last[0...1] == [0.5, 0.5] && abs(last[3] - 0.880_797_08) < 1e-6)
    #expect(abs(middle[0] - 0.268_941_42) < 1e-6 && abs(middle[3] - 0.952_574_13) < 1e-6)
    #expect(throws: ShapeError.self) { try value(Softmax(axis: 3), [x]) }
    let y = try value(LayerNormalization(epsilon: 0), [x, Tensor([2], [2, 1]), Tensor([2], [0, 5])]).elements
    #expect(y[2...3] == [-2, 6])
    #expect(throws: ShapeError.self) { try value(LayerNormalization(), [x, Tensor([3]), Tensor([3])]) }
  }

  @Test func reductions() throws {
    let x = Tensor([2, 3, 2], [1, 9, 3, 4, 5, 6, 7, 8, -3, 10, 11, 12])
    #expect(try value(Reduce(.sum, axes: [1]), [x]) == Tensor([2, 2], [9, 19, 15, 30]))
    #expect(try value(Reduce(.max, axes: [0, 2]), [x]) == Tensor([3], [9, 10, 12]))
    #expect(try value(Reduce(.min, axes: [-3, -1], keepsAxes: true), [x]) == Tensor([1, 3, 1], [1, -3, 5]))
    #expect(try value(Reduce(.mean, axes: [0, 1, 2]), [x]) == Tensor([], [73 / 12]))
    #expect(try value(Reduce(.sum, axes: []), [x]) == x)
    #expect(throws: ShapeError.self) { try value(Reduce(.sum, axes: [1, -2]), [x]) }
    #expect(try value(LargestIndex(axis: 1), [x]) == Tensor([2, 2], [2, 0, 2, 2]))
    #expect(try value(LargestIndex(axis: -1, keepsAxis: true), [x]) == Tensor([2, 3, 1], [1, 1, 1, 1, 1, 1]))
  }

  @Test func pixelSequence() throws {
    #expect(try value(PixelSequence(), [counting([2, 2, 1, 3])]) == Tensor([2, 3, 2], [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]))
    #expect(try value(PixelSequence(), [counting([1, 2, 2, 2])]) == Tensor([1, 4, 2], [0, 4, 1, 5, 2, 6, 3, 7]))
  }
}
