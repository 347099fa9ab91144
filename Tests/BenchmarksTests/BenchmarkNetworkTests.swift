import Benchmarks
import Graphs
import Kernels
import Tensors
import Testing

/// That the networks are those that torchvision and Darknet have.
@Suite struct BenchmarkNetworkTests {
  /// Parameters as PyTorch counts them (`sum(p.numel() for p in model.parameters())`, torchvision 0.30), billions of multiply-adds, and the results' shapes.
  @Test(arguments: [
    ("yolov3-tiny", 8_852_366, 2.78, [[1, 255, 13, 13], [1, 255, 26, 26]]), ("vgg16", 14_714_688, 15.35, [[1, 512, 14, 14]]),
    ("resnet50", 25_557_032, 4.09, [[1, 1000]]), ("mobilenet-v2", 3_504_872, 0.30, [[1, 1000]]),
    ("trigger-infer", 521_913, 0.71, [[1375, 1]]),
  ] as [(String, Int, Double, [Shape])])
  func networksAreThePeers(name: String, parameters: Int, billions: Double, shapes: [Shape]) throws {
    let network = try #require(BenchmarkNetwork.all.first { $0.name == name })
    let (graph, count) = network.graph()
    #expect(count == parameters)
    let program = graph.compiled(for: Processor(threadCount: 1), preparation: .quick)
    #expect(program.outputShapes == shapes)
    #expect(abs(Double(program.steps.reduce(0) { $0 + $1.multiplyAdds }) / 1e9 - billions) < 0.01)
    let separate = Set(program.steps.map(\.operation)).intersection(["batch normalization", "add", "relu", "relu6", "leaky(slope: 0.1)"])
    #expect(separate.isEmpty, "all of them go into convolutions")
  }

  @Test func styleTransferLooksAtTheFourthBlock() {
    let (graph, count) = BenchmarkNetwork.vgg16ToFourthBlock.graph()
    #expect(count == 7_635_264 && graph[graph.outputs[0]].shape == [1, 512, 32, 32])
  }

  /// Neither vanishing nor exploding: what weights scaled at random would do after fifty layers.
  @Test(arguments: ["yolov3-tiny", "resnet50", "mobilenet-v2", "trigger-infer"]) func numbersKeepTheirSize(name: String) throws {
    let graph = try #require(BenchmarkNetwork.all.first { $0.name == name }).graph().graph
    let program = graph.compiled(for: Processor(), preparation: .quick)
    for output in program.run(randomInputs(of: program)) {
      let largest = output.elements.reduce(0) { max($0, abs($1)) }
      #expect((0.1..<100).contains(largest), "\(name): \(largest)")
    }
  }
}
