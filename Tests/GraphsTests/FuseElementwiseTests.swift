import Graphs
import Kernels
import Tensors
import Testing

@Suite struct FuseElementwiseTests {
  /// x → norm → (y) → logistic → · y → + a → relu → affine → scaled by s; after a convolution if `isBlocked`.
  private func graph(_ shape: Shape, isBlocked: Bool) throws -> Graph {
    var random = RandomNumbers(seed: 7), graph = Graph()
    var x = graph.input("x", shape)
    let a = graph.input("a", shape), s = graph.input("s", [shape[0], shape[1], 1, 1])
    if isBlocked {
      let weight = Tensor([shape[1], shape[1], 3, 3], normalWith: 0.1, using: &random)
      x = try graph.append(Convolution2D(padding: .all(1)), [x, graph.constant("w", weight)])
    }
    let statistics = (0..<4).map { graph.constant("\($0)", Tensor([shape[1]], uniformIn: 0.5..<1.5, using: &random)) }
    let scaled = try graph.append(ScaleChannels(), [x, s])
    let norm = try graph.append(BatchNormalization(epsilon: 1e-3), [scaled] + statistics)
    let gate = try graph.append(Activate(.logistic), [norm])
    let gated = try graph.append(Multiply(), [norm, gate])
    let sum = try graph.append(Add(activation: .relu), [a, gated])
    let affine = try graph.append(Affine(scale: 3, shift: -1), [sum])
    graph.outputs = [try graph.append(Activate(.tanh), [affine])]
    return graph
  }

  @Test(arguments: Processor.supportedKernels.indices, [false, true]) func theSameNumbersInFewerSteps(table: Int, isBlocked: Bool) throws {
    let processor = Processor(kernels: Processor.supportedKernels[table], threadCount: 2)
    for shape in [[2, 3, 5, 7], [1, 17, 13, 67], [1, 1, 1, 1]] as [Shape] {
      let graph = try graph(shape, isBlocked: isBlocked), fused = graph.fusingElementwise().removingDeadNodes()
      let programs = [graph, fused].map { Program($0, processor: processor, preparation: .quick) }
      var random = RandomNumbers(seed: 2)
      let inputs = programs[0].inputShapes.map { Tensor($0, normalWith: 1, using: &random) }
      #expect(programs[1].run(inputs) == programs[0].run(inputs))
      let names = programs[1].steps.map(\.operation).filter { $0 != "layout" && $0 != "convolution" }
      #expect(names == ["scale channels, batch normalization", "logistic, multiply, add, affine, tanh"])
    }
  }

  @Test func matricesAndRowsOfChannels() throws {
    var random = RandomNumbers(seed: 7)
    for shape in [[3, 5], [2, 3, 7]] as [Shape] {
      var graph = Graph()
      let x = graph.input("x", shape)
      let statistics = (0..<4).map { graph.constant("\($0)", Tensor([shape[1]], uniformIn: 0.5..<1.5, using: &random)) }
      let norm = try graph.append(BatchNormalization(epsilon: 1e-3), [x] + statistics)
      graph.outputs = [try graph.append(Activate(.relu), [norm])]
      let value = Tensor(shape, normalWith: 1, using: &random), processor = Processor(threadCount: 2)
      let fused = Program(graph.fusingElementwise().removingDeadNodes(), processor: processor)
      #expect(fused.steps.count == 1 && fused.run([value]) == Program(graph, processor: processor).run([value]))
    }
  }

  /// What is an output, or read twice, must be in memory.
  @Test func whatIsSeenElsewhereStays() throws {
    var graph = Graph()
    let x = graph.input("x", [8])
    let a = try graph.append(Activate(.relu), [x]), b = try graph.append(Affine(scale: 2, shift: 0), [a])
    let c = try graph.append(Multiply(), [b, b]), d = try graph.append(Affine(scale: 1, shift: 1), [c])
    graph.outputs = [a, d]
    let program = graph.compiled(for: Processor(threadCount: 1))
    #expect(program.steps.map(\.operation) == ["relu", "affine", "multiply, affine"])
    #expect(program.run([Tensor([8], [-1, 0, 1, 2, 3, 4, 5, 6])])[1].elements == [1, 1, 5, 17, 37, 65, 101, 145])
  }
}
