import Graphs
import Kernels
import Tensors
import Testing

/// Each operation between convolutions, where maps lie in blocks of channels with borders, gives what it gives on plain maps.
@Suite struct LayoutTests {
  @Test(arguments: Processor.supportedKernels.indices) func operationsInBlocks(table: Int) throws {
    let kernels = Processor.supportedKernels[table], lanes = kernels.lanes
    for channels in [lanes, lanes + 5, 3 * lanes] {
      let statistics = (1...4).map { noise([channels], seed: UInt64($0)) }
      let x = noise([2, channels, 6, 5], seed: 5), a = noise([2, channels, 6, 5], seed: 6), s = noise([2, channels, 1, 1], seed: 7)
      let c = noise([2, 7, 6, 5], seed: 8), whole = noise([2, 2 * lanes, 6, 5], seed: 9)
      try check(Activate(.logistic), [x], kernels)
      try check(Affine(scale: 2, shift: 1), [x], kernels)
      try check(Add(activation: .relu), [x, a], kernels)
      try check(Multiply(), [x, a], kernels)
      try check(ScaleChannels(), [x, s], kernels)
      try check(BatchNormalization(epsilon: 0.1), [x] + statistics, kernels)
      try check(Pooling2D(.max, size: 2, stride: 2), [x], kernels)
      try check(Pooling2D(.average, size: 3, stride: 1, padding: .all(1)), [x], kernels)
      try check(GlobalAverage(), [x], kernels)
      try check(Upsample2D(factor: 2), [x], kernels)
      try check(Resize2D(height: 9, width: 4, .bilinear), [x], kernels)
      try check(Resize2D(height: 3, width: 11, .nearest(.floor), coordinates: .asymmetric), [x], kernels)
      try check(ConcatenateChannels(), [x, c], kernels)
      try check(ConcatenateChannels(), [whole, x, c], kernels)
      try check(SelectChannels(0..<channels - 1), [x], kernels)
      try check(SelectChannels(lanes..<2 * lanes), [whole], kernels)
      try check(SelectChannels(1..<channels), [x], kernels)
    }
  }

  /// Maps that a convolution writes, with a border for another, are as alike as plain ones.
  @Test(arguments: Processor.supportedKernels.indices) func gramMatricesInBlocks(table: Int) throws {
    let kernels = Processor.supportedKernels[table], processor = Processor(kernels: kernels, threadCount: 2)
    for channels in [3, kernels.lanes, 2 * kernels.lanes + 5] {
      let x = noise([1, channels, 6, 5], seed: 10)
      var graph = Graph()
      let maps = try convolved(graph.input("x", x.shape), size: 1, in: &graph)
      graph.outputs = [try graph.append(GramMatrix(), [maps]), try convolved(maps, size: 3, in: &graph)]
      let found = Program(graph, processor: processor, preparation: .quick).run([x])[0]
      for i in 0..<channels {
        for j in 0..<channels {
          let sum = (0..<30).reduce(Float(0)) { $0 + x.span[i * 30 + $1] * x.span[j * 30 + $1] }
          #expect(abs(found[i, j] - sum) < 1e-4, "\(i), \(j) of \(channels) on \(kernels.name)")
        }
      }
    }
  }

  /// The operation on plain maps, on maps that convolutions write, and the same before a convolution that wants a border.
  private func check(_ operation: some Operation, _ values: [Tensor], _ kernels: KernelTable) throws {
    let processor = Processor(kernels: kernels, threadCount: 2)
    var plain = Graph()
    plain.outputs = [try plain.append(operation, values.enumerated().map { plain.input("\($0)", $1.shape) })]
    let expected = Program(plain, processor: processor).run(values)[0]
    for (constants, borders) in [(false, false), (true, true)] {
      var graph = Graph()
      var inputs: [Graph.Index] = []
      for (place, value) in values.enumerated() {
        if value.shape.rank == 4 {
          inputs.append(try convolved(graph.input("\(place)", value.shape), size: 1, in: &graph))
        } else {
          inputs.append(constants ? graph.constant("\(place)", value) : graph.input("\(place)", value.shape))
        }
      }
      // Some inputs have a border because another reader wants it.
      if borders { graph.outputs.append(try convolved(inputs[0], size: 5, in: &graph)) }
      let result = try graph.append(operation, inputs)
      graph.outputs += [result, try convolved(result, size: 3, in: &graph)]
      let given = zip(values, values.indices).filter { value, _ in value.shape.rank == 4 || !constants }.map(\.0)
      let found = Program(graph, processor: processor, preparation: .quick).run(given)
      for y in found.suffix(2) {
        #expect(y.shape == expected.shape)
        let isClose = (0..<y.count).allSatisfy { abs(y.span[$0] - expected.span[$0]) <= 1e-6 * (1 + abs(expected.span[$0])) }
        #expect(isClose, "\(operation.name) of \(values[0].shape) on \(kernels.name)")
      }
    }
  }

  /// A convolution that changes nothing.
  private func convolved(_ x: Graph.Index, size: Int, in graph: inout Graph) throws -> Graph.Index {
    let channels = graph[x].shape[1]
    var weight = Tensor([channels, channels, size, size])
    weight.withMutableSpan { span in
      for channel in 0..<channels { span[((channel * channels + channel) * size + size / 2) * size + size / 2] = 1 }
    }
    return try graph.append(Convolution2D(padding: .all(size / 2)), [x, graph.constant("identity", weight)])
  }

  private func noise(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = RandomNumbers(seed: seed)
    return Tensor(shape, uniformIn: 0.1..<1, using: &random)
  }
}
