import Graphs
import Kernels
import Learning
import Tensors

/// One iteration of style transfer as a program: VGG-16 to relu4_3, style costs at relu1_2, relu2_2, relu3_3 and relu4_3, a content cost at relu3_3, and the
/// gradient by the pixels (Gatys et al. 2016). The network does not learn: its weights are constants.
package enum StyleStep {
  private static let styleLayers = ["relu1_2", "relu2_2", "relu3_3", "relu4_3"], contentLayer = "relu3_3"

  /// The loss and its gradient by the picture, the program's inputs: the picture, the content's maps, and the style's Gram matrices.
  package static func graph(size: Int) -> Graph {
    var random = RandomNumbers(seed: 3), network = VGGFeatures(using: &random)
    network.truncate(to: styleLayers)
    let recorder = Recorder(), x = recorder.input("pixels", [1, 3, size, size]), maps = network(x, at: styleLayers)
    let content = maps[contentLayer]!
    var loss = contentCost(content, recorder.input("content", content.shape))
    for layer in styleLayers {
      let features = maps[layer]!, channels = features.shape[1]
      loss = loss + layerStyleCost(features, target: recorder.input(layer, [channels, channels]))
    }
    return recorder.graph(returning: [loss, recorder.gradients(of: loss, by: [x])[0]])
  }

  /// Ready to be timed: loss and gradient have been compared with those of the plainest kernels.
  ///
  /// The gradient is compared as a whole: where rounding turns a ReLU on or off, single pixels differ by much.
  package static func prepared(size: Int, row: String, on processor: Processor) throws(BenchmarkError) -> PreparedBenchmark {
    let graph = graph(size: size)
    var preparation = Preparation.thorough
    preparation.allowsLargeTiles = true  // as style transfer does: its gradients need not be exact to the last bits
    let arena = Arena(for: graph.compiled(for: processor, preparation: preparation)), inputs = randomInputs(of: arena.program)
    arena.setInputs(inputs)
    arena.run()
    let expected = Program(graph, processor: processor.plainest, preparation: .quick).run(inputs)
    try expectClose(arena.output(0), expected[0], tolerance: 1e-4, row: row)
    let check = GradientCheck(name: row, gradient: arena.output(1).elements.map(Double.init), differences: expected[1].elements.map(Double.init))
    guard check.relativeDifference < 0.02 else { throw BenchmarkError(row: row, difference: Float(check.relativeDifference), tolerance: 0.02) }
    return PreparedBenchmark(work: Work(of: arena.program.steps), run: { arena.run() })
  }
}
