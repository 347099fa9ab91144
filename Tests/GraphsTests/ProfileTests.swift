import Graphs
import Kernels
import Tensors
import Testing

/// What a program tells of its steps.
@Suite struct ProfileTests {
  /// x → convolution → max pooling → softmax.
  private func program() throws -> Program {
    var random = RandomNumbers(seed: 7), graph = Graph()
    let x = graph.input("image", [2, 6, 12, 14]), w = graph.constant("w", Tensor([8, 3, 3, 3], normalWith: 0.3, using: &random))
    var y = try graph.append(Convolution2D(padding: .all(1), groups: 2), [x, w], name: "conv")
    y = try graph.append(Pooling2D(.max, size: 2, stride: 2), [y], name: "pool")
    let v = graph.constant("v", Tensor([10, 8 * 42], normalWith: 0.3, using: &random))
    y = try graph.append(FullyConnected(), [try graph.append(Reshape([2, 8 * 42]), [y]), v], name: "classes")
    graph.outputs = [try graph.append(Softmax(runs: [0..<10]), [y])]
    return graph.compiled(for: Processor(threadCount: 2))
  }

  @Test func stepsTellTheirWork() throws {
    let steps = try program().steps.filter { !$0.isLayoutChange }
    #expect(steps.map(\.node) == ["conv", "pool", "classes", ""])
    #expect(steps.map(\.shape) == [[2, 8, 12, 14], [2, 8, 6, 7], [2, 10], [2, 10]])
    #expect(steps.map(\.multiplyAdds) == [2 * 8 * 12 * 14 * 3 * 3 * 3, 0, 2 * 10 * 8 * 42, 0])
    #expect(steps[0].detail == "direct" && steps[1].detail == "")
    #expect(steps[1].bytes == 4 * 2 * 8 * (12 * 14 + 6 * 7), "pooling reads and writes each map once")
    #expect(steps[2].bytes == 4 * (2 * 8 * 42 + 10 * 8 * 42 + 2 * 10), "weights are read too")
  }

  @Test func profilingComputesTheSame() throws {
    let program = try program()
    var random = RandomNumbers(seed: 3)
    let x = Tensor([2, 6, 12, 14], uniformIn: 0..<1, using: &random)
    let arena = Arena(for: program)
    arena.setInput(0, to: x)
    let seconds = arena.profile()
    #expect(seconds.count == program.steps.count && seconds.allSatisfy { (0..<1).contains($0) } && seconds[0] > 0)
    #expect(arena.output(0) == program.run([x])[0])
  }
}
