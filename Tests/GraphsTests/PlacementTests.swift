import Graphs
import Kernels
import Tensors
import Testing

/// Values that are written into the memory of a concatenation.
@Suite struct PlacementTests {
  /// What is computed is written where it belongs; what is given, or stands there twice, is copied.
  @Test(arguments: Processor.supportedKernels.indices) func concatenationsCopyOnlyWhatIsNotComputed(table: Int) throws {
    let kernels = Processor.supportedKernels[table], lanes = kernels.lanes
    let x = numbers([1, lanes, 4, 5])
    var graph = Graph()
    let input = graph.input("x", x.shape)
    let twice = try graph.append(Affine(scale: 2, shift: 0), [input]), thrice = try graph.append(Affine(scale: 3, shift: 0), [input])
    let inner = try graph.append(ConcatenateChannels(), [twice, thrice], name: "inner")
    let more = try graph.append(Affine(scale: 1, shift: 1), [inner]), pooled = try graph.append(Pooling2D(.max, size: 1, stride: 1), [more])
    let outer = try graph.append(ConcatenateChannels(), [inner, pooled], name: "outer")
    let copying = try graph.append(ConcatenateChannels(), [input, outer, outer], name: "copying")
    let flat = try graph.append(Reshape([graph[outer].shape.count]), [outer])
    graph.outputs = [copying, thrice, outer, flat]
    let program = Program(graph, processor: Processor(kernels: kernels, threadCount: 2)), y = program.run([x])
    #expect(program.steps.filter { $0.operation == "concatenate" }.map(\.node) == ["copying"])
    #expect(program.memoryPlan.naiveCount < 13 * x.count, "the input, nine parts of its size, the two that are pooled, some scratch")
    let two = x.elements.map { 2 * $0 }, three = x.elements.map { 3 * $0 }
    let whole = two + three + (two + three).map { $0 + 1 }
    #expect(y[0].elements == x.elements + whole + whole)
    #expect(y[1].elements == three && y[2].elements == whole && y[3].elements == whole)
  }

  /// The same between convolutions, in blocks with a border, and for two pictures, whose parts do not lie together.
  @Test(arguments: Processor.supportedKernels.indices, [1, 2]) func partsInBlocks(table: Int, batch: Int) throws {
    let kernels = Processor.supportedKernels[table], lanes = kernels.lanes
    var random = RandomNumbers(seed: 3), graph = Graph()
    let x = numbers([batch, 3, 8, 8]), input = graph.input("x", x.shape)
    func convolution(_ y: Graph.Index, _ outputs: Int, _ size: Int) throws -> Graph.Index {
      let weight = Tensor([outputs, graph[y].shape[1], size, size], normalWith: 0.2, using: &random)
      return try graph.append(Convolution2D(padding: .all(size / 2)), [y, graph.constant("w", weight)])
    }
    let left = try convolution(input, 2 * lanes, 3), right = try convolution(left, lanes + 1, 1)
    let both = try graph.append(ConcatenateChannels(), [left, right])
    let y = try convolution(both, 5, 3)
    graph.outputs = [y, both, left, right]
    let program = Program(graph, processor: Processor(kernels: kernels, threadCount: 2), preparation: .quick), found = program.run([x])
    #expect(program.steps.contains { $0.operation == "concatenate" } == (batch > 1))
    let half = (found[2].count / batch, found[3].count / batch)
    for image in 0..<batch {
      let parts = Array(found[2].elements[image * half.0..<(image + 1) * half.0] + found[3].elements[image * half.1..<(image + 1) * half.1])
      #expect(Array(found[1].elements[image * parts.count..<(image + 1) * parts.count]) == parts)
    }
    // The same convolution of the concatenation that was returned.
    var last = Graph()
    let again = last.input("both", found[1].shape)
    last.outputs = [try last.append(Convolution2D(padding: .all(1)), [again, last.constant("w", graph.constantValue(graph[y].inputs[1])!)])]
    let expected = Program(last, processor: Processor(kernels: kernels, threadCount: 2), preparation: .quick).run([found[1]])[0]
    #expect(found[0] == expected)
  }

  private func numbers(_ shape: Shape) -> Tensor { Tensor(shape, (0..<shape.count).map { Float($0 % 251) }) }
}
