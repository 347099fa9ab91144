import Kernels
import Tensors

/// 3×3 convolutions with ReLU and the poolings between blocks of them, forwards and back to the pixels, one kernel after the other in blocks of
/// channels: what style transfer does with VGG-16, without its losses. The weights do not change and are packed before.
package final class StyleStepKernels {
  /// Channels of the convolutions of each block, and the size of the picture.
  package struct Network: Sendable {
    package var size: Int
    package var blocks: [[Int]]

    package init(size: Int, blocks: [[Int]]) {
      self.size = size
      self.blocks = blocks
    }

    /// To relu4_3, as far as style transfer looks (Gatys et al. 2016).
    static let vgg16 = Network(size: 256, blocks: [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512]])
  }

  private enum Layer {
    case convolution(Convolution, ConvolutionDataGradient, packed: MapBuffer)
    case pooling(PoolingGeometry)
  }

  private let processor: Processor
  private let layers: [Layer]
  /// The picture and the results of all layers; the gradients by them, those after a ReLU before those of its argument.
  private let values, gradients: [MapBuffer]
  private let argumentGradients: [MapBuffer?]
  private let scratch: MapBuffer

  /// - Parameter isPlain: whether the direct algorithm computes all convolutions.
  private init(_ network: Network, isPlain: Bool, on processor: Processor) {
    let lanes = processor.kernels.lanes, algorithm: ConvolutionAlgorithm? = isPlain ? .direct : nil
    var random = RandomNumbers(seed: 3), layers: [Layer] = []
    var maps = FeatureMaps(batch: 1, channels: 3, height: network.size, width: network.size, layout: MapLayout(lanes: 1, border: 1))
    var values = [MapBuffer(maps, within: 1, using: &random, on: processor)]
    // The gradient of the picture lies in a block, most of which means nothing.
    var gradientMaps = maps
    gradientMaps.layout = MapLayout(lanes: lanes)
    var gradients = [MapBuffer(gradientMaps)], argumentGradients: [MapBuffer?] = [], scratchCount = 1
    func add(_ layer: Layer, _ output: FeatureMaps, hasArgument: Bool) {
      layers.append(layer)
      maps = output
      gradientMaps = output
      values.append(MapBuffer(output))
      gradients.append(MapBuffer(output))
      argumentGradients.append(hasArgument ? MapBuffer(output) : nil)
    }
    for (index, block) in network.blocks.enumerated() {
      if index > 0 {
        let half = maps.height / 2
        let pooled = FeatureMaps(batch: 1, channels: maps.channels, height: half, width: half, layout: maps.layout)
        let geometry = PoolingGeometry(
          inputHeight: maps.height, inputWidth: maps.width, outputHeight: half, outputWidth: half, size: 2, stride: 2, top: 0, left: 0)
        scratchCount = max(scratchCount, poolingScratchCount(maps, threadCount: processor.threads.threadCount))
        add(.pooling(geometry), pooled, hasArgument: false)
      }
      for channels in block {
        let output = FeatureMaps(
          batch: 1, channels: channels, height: maps.height, width: maps.width, layout: MapLayout(lanes: lanes, border: 1))
        let limit = (6 / Float(9 * maps.channels)).squareRoot()
        let weights = Tensor([channels, maps.channels, 3, 3], uniformIn: -limit..<limit, using: &random)
        var problem = ConvolutionProblem(
          input: maps, output: output, kernelHeight: 3, kernelWidth: 3, top: 1, left: 1, activation: .relu)
        let plan = ConvolutionPlan(problem, algorithm: algorithm, kernels: processor.kernels)
        problem.activation = .linear
        problem.input = gradientMaps
        let gradient = ConvolutionDataGradient(problem, algorithm: algorithm, kernels: processor.kernels)
        let packed = MapBuffer(count: gradient.packedCount), threads = processor.threads.threadCount
        packed.write { gradient.pack(weights.span, into: &$0, on: processor) }
        scratchCount = max(scratchCount, plan.scratchCount(threadCount: threads), gradient.scratchCount(threadCount: threads))
        add(
          .convolution(Convolution(plan, weights: weights.span, bias: nil, on: processor), gradient, packed: packed), output, hasArgument: true)
      }
    }
    gradients[layers.count] = MapBuffer(maps, within: 1, using: &random, on: processor)
    self.processor = processor
    self.layers = layers
    self.values = values
    self.gradients = gradients
    self.argumentGradients = argumentGradients
    scratch = MapBuffer(count: scratchCount)
  }

  private func run() {
    for (index, layer) in layers.enumerated() {
      let x = values[index], y = values[index + 1]
      write(y, scratch) { output, scratch in
        switch layer {
        case .convolution(let convolution, _, _): convolution.run(x.tensor.span, into: &output, scratch: &scratch, on: processor)
        case .pooling(let geometry):
          pool(.max, x.tensor.span, from: x.maps, geometry: geometry, into: &output, to: y.maps, scratch: &scratch, on: processor)
        }
      }
    }
    for (index, layer) in layers.enumerated().reversed() {
      let x = values[index], y = values[index + 1], dx = gradients[index], dy = gradients[index + 1]
      switch layer {
      case .convolution(_, let gradient, let packed):
        let argument = argumentGradients[index]!
        argument.write { activationGradient(.relu, y.tensor.span, of: dy.tensor.span, into: &$0, on: processor) }
        write(dx, scratch) { dx, scratch in
          gradient.run(argument.tensor.span, packed: packed.tensor.span, into: &dx, scratch: &scratch, on: processor)
        }
      case .pooling(let geometry):
        dx.write {
          poolGradient(
            .max, x.tensor.span, from: x.maps, geometry: geometry, of: dy.tensor.span, to: y.maps, into: &$0, on: processor)
        }
      }
    }
  }

  private var multiplyAdds: Int {
    layers.reduce(0) { sum, layer in
      if case .convolution(let convolution, _, _) = layer { sum + 2 * convolution.plan.problem.multiplyAdds } else { sum }
    }
  }

  /// Ready to be timed: the gradient by the pixels has been compared with that of the plainest kernels.
  ///
  /// A ReLU whose argument is nearly 0 on one side and nearly 0 below on the other lets a gradient pass or not, hence the tolerance.
  package static func prepared(_ network: Network, row: String, on processor: Processor) throws(BenchmarkError) -> PreparedBenchmark {
    let plainest = processor.plainest, reference = StyleStepKernels(network, isPlain: true, on: plainest)
    reference.run()
    let kernels = StyleStepKernels(network, isPlain: false, on: processor)
    kernels.run()
    try expectClose(
      kernels.gradients[0].plain(on: processor), reference.gradients[0].plain(on: plainest), tolerance: 0.02, row: row)
    return PreparedBenchmark(work: .multiplyAdds(kernels.multiplyAdds), run: kernels.run)
  }
}
