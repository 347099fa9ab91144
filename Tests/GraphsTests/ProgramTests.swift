import Graphs
import Kernels
import Tensors
import Testing

@Suite struct ProgramTests {
  /// x → conv → batch norm → leaky → (a) conv, (b) pool → upsample; both concatenated.
  private func network(batch: Int = 1) throws -> Graph {
    var random = RandomNumbers(seed: 7), graph = Graph()
    let x = graph.input("image", [batch, 3, 12, 14])
    let w = graph.constant("w", Tensor([8, 3, 3, 3], normalWith: 0.3, using: &random))
    let statistics = ["gamma", "beta", "mean", "variance"].map { graph.constant($0, Tensor([8], uniformIn: 0.5..<1.5, using: &random)) }
    var y = try graph.append(Convolution2D(padding: .all(1)), [x, w], name: "conv")
    y = try graph.append(BatchNormalization(epsilon: 1e-5), [y] + statistics, name: "norm")
    y = try graph.append(Activate(.leaky(slope: 0.1)), [y], name: "leaky")
    let v = graph.constant("v", Tensor([4, 8, 1, 1], normalWith: 0.3, using: &random)), b = graph.constant("b", Tensor([4], repeating: 0.5))
    let left = try graph.append(Convolution2D(), [y, v, b], name: "left")
    let pooled = try graph.append(Pooling2D(.max, size: 2, stride: 2), [y], name: "pool")
    let right = try graph.append(Upsample2D(factor: 2), [pooled], name: "up")
    graph.outputs = [try graph.append(ConcatenateChannels(), [left, right], name: "both")]
    return graph
  }

  private func image(_ shape: Shape) -> Tensor {
    var random = RandomNumbers(seed: 3)
    return Tensor(shape, uniformIn: 0..<1, using: &random)
  }

  @Test func passesChangeNothingButRounding() throws {
    let graph = try network(batch: 2), x = image([2, 3, 12, 14])
    for kernels in Processor.supportedKernels {
      let processor = Processor(kernels: kernels, threadCount: 2)
      let plain = run(graph, x, processor)
      for (name, pass) in [
        ("folding", graph.foldingBatchNormalization()), ("fusing", graph.fusingActivations()), ("removing", graph.removingDeadNodes()),
        ("all", graph.foldingBatchNormalization().fusingActivations().removingDeadNodes()),
      ] {
        let changed = run(pass, x, processor)
        #expect(changed.shape == plain.shape)
        for index in 0..<plain.count where abs(changed.span[index] - plain.span[index]) > 1e-5 {
          Issue.record("\(kernels.name), \(name): [\(index)] is \(changed.span[index]), was \(plain.span[index])")
          return
        }
      }
    }
  }

  @Test func passesLeaveFewerNodes() throws {
    let graph = try network()
    let program = graph.compiled()
    let computing = program.steps.filter { $0.operation != "layout" }
    #expect(computing.map(\.operation) == ["convolution", "convolution", "max pooling", "upsample"], "the parts lie where they belong")
    #expect(computing[0].node == "conv")
  }

  @Test func aPassLeavesAloneWhatSomethingElseSees() throws {
    var graph = try network()
    graph.outputs.append(graph.nodes.firstIndex { $0.name == "conv" }!)  // now the convolution's own result is wanted
    let program = graph.compiled()
    #expect(program.steps.contains { $0.operation == "batch normalization, leaky(slope: 0.1)" })
    let x = image([1, 3, 12, 14])
    let outputs = program.run([x])
    #expect(outputs.count == 2 && outputs[1].shape == [1, 8, 12, 14])
  }

  @Test func sameBitsForAnyNumberOfThreadsAndAnyRun() throws {
    let graph = try network(), x = image([1, 3, 12, 14])
    let first = run(graph, x, Processor(threadCount: 1))
    for threads in [1, 2, 3, 7] {
      let program = graph.compiled(for: Processor(threadCount: threads)), alone = graph.compiled(for: Processor(threadCount: 1)).run([x])[0]
      let arena = Arena(for: program)
      arena.setInput(0, to: x)
      for _ in 0..<3 {
        arena.run()
        #expect(arena.output(0) == alone)
      }
    }
    #expect(first.shape == [1, 12, 12, 14])
  }

  @Test func severalArenasAtOnce() async throws {
    let program = try network().compiled(for: Processor(threadCount: 2))
    let inputs = (0..<6).map { seed in
      var random = RandomNumbers(seed: UInt64(seed))
      return Tensor([1, 3, 12, 14], uniformIn: 0..<1, using: &random)
    }
    let expected = inputs.map { program.run([$0])[0] }
    await withTaskGroup(of: (Int, Tensor).self) { group in
      for (index, input) in inputs.enumerated() { group.addTask { (index, program.run([input])[0]) } }
      for await (index, output) in group { #expect(output == expected[index]) }
    }
  }

  @Test func reusesMemory() throws {
    var graph = Graph()
    var x = graph.input("x", [1, 4, 32, 32])
    for _ in 0..<10 { x = try graph.append(Activate(.relu), [x]) }
    graph.outputs = [x]
    let plan = Program.planned(graph)
    #expect(plan.naiveCount == 11 * 4096)
    #expect(plan.arenaCount == 3 * 4096, "the input, and two buffers in turn")
  }

  @Test func wrongShapesAreErrorsThatNameTheNode() {
    var graph = Graph()
    let x = graph.input("x", [1, 3, 8, 8]), w = graph.constant("w", Tensor([4, 2, 3, 3]))
    let error = #expect(throws: ShapeError.self) { try graph.append(Convolution2D(), [x, w], name: "layer 7") }
    #expect(error?.description == "convolution “layer 7” of 1×3×8×8, 4×2×3×3: expected weights for 3 channels, found 2")
  }

  private func run(_ graph: Graph, _ x: Tensor, _ processor: Processor) -> Tensor { Program(graph, processor: processor).run([x])[0] }
}

extension Program {
  fileprivate static func planned(_ graph: Graph) -> MemoryPlan { Program(graph, processor: Processor(threadCount: 1)).memoryPlan }
}
