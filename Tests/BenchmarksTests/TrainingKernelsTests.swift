import Benchmarks
import Kernels
import Testing

/// Small training steps: that they pass their checks, and what they count.
@Suite struct TrainingKernelsTests {
  let processor = Processor(threadCount: 2)

  @Test(arguments: [RecurrentCell.gru, .lstm]) func recurrentLayersGoForwardsAndBack(cell: RecurrentCell) throws {
    let prepared = try RecurrentTraining(cell, layers: 3, inputs: 5, units: 18, batch: 3, steps: 7).row("small").prepare(on: processor)
    #expect(prepared.work == .multiplyAdds(3 * 7 * 3 * cell.gates * 18 * (5 + 18 + 4 * 18)))
    #expect(prepared.measure(.runs(1)).min > 0)
  }

  @Test func aWholeStyleStepIsChecked() throws {
    let prepared = try StyleStep.prepared(size: 32, row: "small", on: processor)
    #expect(prepared.measure(.runs(1)).median > 0)
  }

  @Test func aStyleStepGoesBackToThePixels() throws {
    let network = StyleStepKernels.Network(size: 16, blocks: [[20, 16], [32]])
    let prepared = try StyleStepKernels.prepared(network, row: "small", on: processor)
    #expect(prepared.work == .multiplyAdds(2 * 9 * (256 * (3 * 20 + 20 * 16) + 64 * 16 * 32)))
    #expect(prepared.measure(.runs(1)).min > 0)
  }

  @Test func convolutionsAreTrained() throws {
    let layers = [
      ConvolutionTraining.Layer(3, to: 20, at: 12, size: 7, stride: 2, hasDataGradient: false), ConvolutionTraining.Layer(20, to: 20, at: 6),
      ConvolutionTraining.Layer(20, to: 33, at: 6, size: 1, stride: 2), ConvolutionTraining.Layer(20, to: 33, at: 5, stride: 2),
    ]
    let prepared = try ConvolutionTraining.prepared((batch: 3, layers: layers), row: "small", on: processor)
    let forward = 3 * (36 * 3 * 20 * 49 * 2 + 3 * (36 * 20 * 20 * 9 + 9 * 20 * 33 + 9 * 20 * 33 * 9))
    #expect(prepared.work == .multiplyAdds(forward))
    #expect(prepared.measure(.runs(1)).min > 0)
  }
}
