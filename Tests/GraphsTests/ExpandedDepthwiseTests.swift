import Graphs
import Kernels
import Tensors
import Testing

@Suite struct ExpandedDepthwiseTests {
  struct Case: CustomTestStringConvertible {
    var batch = 1, channels = 16, expanded = 96, size = 24, width = 25, kernel = 3, stride = 1
    var activations: (Activation, Activation) = (.relu6, .relu6)
    var testDescription: String { "\(batch)×\(channels)×\(size)×\(width) → \(expanded), \(kernel)×\(kernel) /\(stride), \(activations)" }
  }

  /// Blocks filled and not, one panel and several, both strides, windows of other sizes, activations of every kind.
  @Test(arguments: [
    Case(), Case(stride: 2), Case(batch: 2, channels: 24, expanded: 40), Case(channels: 17, expanded: 33, size: 30, width: 23, stride: 2),
    Case(channels: 20, expanded: 16, kernel: 5), Case(channels: 40, expanded: 130, size: 50, width: 40, kernel: 5, stride: 2),
    Case(activations: (.hardSwish, .linear)), Case(activations: (.leaky(slope: 0.1), .swish)), Case(channels: 4, expanded: 70, size: 64, width: 90),
  ]) func equalsTheTwoConvolutions(_ c: Case) throws {
    var random = RandomNumbers(seed: 5), graph = Graph()
    let x = graph.input("x", [c.batch, c.channels, c.size, c.width])
    let w = graph.constant("w", Tensor([c.expanded, c.channels, 1, 1], normalWith: 0.3, using: &random))
    let b = graph.constant("b", Tensor([c.expanded], normalWith: 0.5, using: &random))
    let v = graph.constant("v", Tensor([c.expanded, 1, c.kernel, c.kernel], normalWith: 0.3, using: &random))
    let d = graph.constant("d", Tensor([c.expanded], normalWith: 0.5, using: &random))
    let wide = try graph.append(Convolution2D(activation: c.activations.0), [x, w, b], name: "wide")
    let depthwise = Convolution2D(stride: c.stride, padding: .all(c.kernel / 2), groups: c.expanded, activation: c.activations.1)
    graph.outputs = [try graph.append(depthwise, [wide, v, d], name: "depthwise")]
    let image = Tensor([c.batch, c.channels, c.size, c.width], normalWith: 1, using: &random)
    for kernels in Processor.supportedKernels {
      let apart = Program(graph, processor: Processor(kernels: kernels, threadCount: 1)).run([image])[0]
      for threads in [1, 3] {
        let program = Program(graph.fusingExpansions(), processor: Processor(kernels: kernels, threadCount: threads))
        #expect(program.steps.filter { $0.operation == "convolution" }.map(\.detail) == ["expanded depthwise"])
        let together = program.run([image])[0]
        #expect(together.shape == apart.shape)
        for index in 0..<apart.count where abs(together.span[index] - apart.span[index]) > 1e-5 * (1 + abs(apart.span[index])) {
          Issue.record("\(kernels.name), \(threads) threads: [\(index)] is \(together.span[index]), expected \(apart.span[index])")
          return
        }
      }
    }
  }

  @Test func otherConvolutionsStayApart() throws {
    var random = RandomNumbers(seed: 6)
    func count(size: Int, groups: Int, isSeen: Bool) throws -> Int {
      var graph = Graph()
      let x = graph.input("x", [1, 16, size, size]), w = graph.constant("w", Tensor([32, 16, 1, 1], normalWith: 1, using: &random))
      let b = graph.constant("b", Tensor([32])), v = graph.constant("v", Tensor([32, 32 / groups, 3, 3], normalWith: 1, using: &random))
      let wide = try graph.append(Convolution2D(), [x, w, b])
      graph.outputs = [try graph.append(Convolution2D(padding: .all(1), groups: groups), [wide, v, b])] + (isSeen ? [wide] : [])
      return graph.fusingExpansions().nodes.count { $0.operation is Convolution2D }
    }
    #expect(try count(size: 24, groups: 32, isSeen: false) == 0)
    #expect(try count(size: 24, groups: 16, isSeen: false) == 2)
    #expect(try count(size: 24, groups: 32, isSeen: true) == 2)
    #expect(try count(size: 8, groups: 32, isSeen: false) == 2)
  }
}
