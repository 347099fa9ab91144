import Kernels
import Tensors

/// Convolutions of a training step, each with batch normalisation and ReLU forwards, and the gradients of all three and of the weights backwards.
/// Each is by itself, on random operands: no residuals, poolings and classifier, no loss and no optimiser.
package final class ConvolutionTraining {
  /// A convolution of `size`×`size` from pictures of `side`×`side`, padded by half its size.
  package struct Layer: Sendable {
    package var channels, outputs, side, size, stride: Int
    /// Whether the gradient of what it reads is wanted: not of the pictures themselves.
    package var hasDataGradient: Bool

    package init(_ channels: Int, to outputs: Int, at side: Int, size: Int = 3, stride: Int = 1, hasDataGradient: Bool = true) {
      self.channels = channels
      self.outputs = outputs
      self.side = side
      self.size = size
      self.stride = stride
      self.hasDataGradient = hasDataGradient
    }
  }

  /// The twenty convolutions of ResNet-18 (He et al. 2016) on pictures of 64×64.
  static let resNet18: (batch: Int, layers: [Layer]) = {
    var layers = [Layer(3, to: 64, at: 64, size: 7, stride: 2, hasDataGradient: false)]
    layers += [Layer](repeating: Layer(64, to: 64, at: 16), count: 4)
    for (outputs, side) in [(128, 16), (256, 8), (512, 4)] {
      layers += [
        Layer(outputs / 2, to: outputs, at: side, stride: 2), Layer(outputs / 2, to: outputs, at: side, size: 1, stride: 2),
      ]
      layers += [Layer](repeating: Layer(outputs, to: outputs, at: side / 2), count: 3)
    }
    return (32, layers)
  }()

  private let processor: Processor
  private let plan: ConvolutionPlan
  private let dataGradient: ConvolutionDataGradient?
  private let weightGradient: ConvolutionWeightGradient
  private let normalization: BatchNormalizationPlan
  private let activation: ElementwiseChain
  private let x, weights, gamma, beta, dy: MapBuffer
  /// The convolution's result, that of the normalisation, and that of ReLU.
  private let z, normalized, y: MapBuffer
  private let mean, variance: MapBuffer
  /// The gradients of `normalized`, z, x and what is learnt.
  private let dNormalized, dz, dx, dWeights, dGamma, dBeta: MapBuffer
  private let noBias = MapBuffer(count: 0)
  private let scratch: MapBuffer

  private init(_ layer: Layer, batch: Int, isPlain: Bool, on processor: Processor) {
    let kernels = processor.kernels, lanes = kernels.lanes, padding = layer.size / 2, side = (layer.side + layer.stride - 1) / layer.stride
    let algorithm: ConvolutionAlgorithm? = isPlain ? .direct : nil
    let input = FeatureMaps(
      batch: batch, channels: layer.channels, height: layer.side, width: layer.side,
      layout: MapLayout(lanes: 2 * layer.channels <= lanes ? 1 : lanes, border: padding))
    var output = FeatureMaps(batch: batch, channels: layer.outputs, height: side, width: side, layout: MapLayout(lanes: lanes))
    var problem = ConvolutionProblem(
      input: input, output: output, kernelHeight: layer.size, kernelWidth: layer.size, stride: layer.stride, top: padding, left: padding)
    if layer.hasDataGradient {
      output.layout.border = ConvolutionDataGradient.border(of: problem)
      problem.output = output
      dataGradient = ConvolutionDataGradient(problem, algorithm: algorithm, kernels: kernels)
    } else {
      dataGradient = nil
    }
    plan = ConvolutionPlan(problem, algorithm: algorithm, kernels: kernels)
    weightGradient = ConvolutionWeightGradient(problem, kernels: kernels)
    normalization = BatchNormalizationPlan(x: output, y: output, epsilon: 1e-5)
    activation = ElementwiseChain([.activate(.relu)], x: output, y: output)
    self.processor = processor

    var random = RandomNumbers(seed: 4)
    func numbers(_ count: Int, within limit: Float) -> MapBuffer {
      MapBuffer(FeatureMaps(batch: 1, channels: 1, height: 1, width: count), within: limit, using: &random, on: processor)
    }
    let depth = Float(layer.channels * layer.size * layer.size)
    x = MapBuffer(input, within: 1, using: &random, on: processor)
    weights = numbers(problem.weightCount, within: (3 / depth).squareRoot())
    gamma = numbers(layer.outputs, within: 1)
    beta = numbers(layer.outputs, within: 1)
    dy = MapBuffer(output, within: 1, using: &random, on: processor)
    (z, normalized, y, dNormalized, dz, dx) = (
      MapBuffer(output), MapBuffer(output), MapBuffer(output), MapBuffer(output), MapBuffer(output), MapBuffer(input)
    )
    dWeights = MapBuffer(count: problem.weightCount)
    (mean, variance, dGamma, dBeta) = (
      MapBuffer(count: layer.outputs), MapBuffer(count: layer.outputs), MapBuffer(count: layer.outputs), MapBuffer(count: layer.outputs)
    )
    let threads = processor.threads.threadCount
    scratch = MapBuffer(
      count: max(
        plan.scratchCount(threadCount: threads, isPacking: true), dataGradient?.scratchCount(threadCount: threads, isPacking: true) ?? 0,
        weightGradient.scratchCount(threadCount: threads), normalization.scratchCount))
  }

  private func forward() {
    write(z, scratch) { z, scratch in
      plan.run(x.tensor.span, packing: weights.tensor.span, bias: nil, into: &z, scratch: &scratch, on: processor)
    }
    write(normalized, scratch) { normalized, scratch in
      write(mean, variance) { mean, variance in
        normalization.normalize(
          z.tensor.span, gamma: gamma.tensor.span, beta: beta.tensor.span, into: &normalized, mean: &mean, variance: &variance, scratch: &scratch,
          on: processor)
      }
    }
    y.write { activation.run(normalized.tensor.span, into: &$0, on: processor) }
  }

  private func backward() {
    // By dy in place of y: where y is nearly 0, two ways to compute it would let different gradients pass.
    dNormalized.write { activationGradient(.relu, dy.tensor.span, of: dy.tensor.span, into: &$0, on: processor) }
    write(dz, scratch) { dz, scratch in
      write(dGamma, dBeta) { dGamma, dBeta in
        normalization.gradients(
          z.tensor.span, of: dNormalized.tensor.span, gamma: gamma.tensor.span, mean: mean.tensor.span, variance: variance.tensor.span, into: &dz,
          gamma: &dGamma, beta: &dBeta, scratch: &scratch, on: processor)
      }
    }
    write(dWeights, scratch) { dWeights, scratch in
      noBias.write { weightGradient.run(x.tensor.span, dz.tensor.span, into: &dWeights, bias: &$0, scratch: &scratch, on: processor) }
    }
    guard let dataGradient else { return }
    write(dx, scratch) { dx, scratch in
      dataGradient.run(dz.tensor.span, packing: weights.tensor.span, into: &dx, scratch: &scratch, on: processor)
    }
  }

  private var multiplyAdds: Int { plan.problem.multiplyAdds * (dataGradient == nil ? 2 : 3) }
  private var results: [MapBuffer] { [y, dWeights, dGamma, dBeta] + (dataGradient == nil ? [] : [dx]) }

  /// All layers, ready to be timed: the results and gradients of each have been compared with those of the plainest kernels.
  package static func prepared(
    _ network: (batch: Int, layers: [Layer]), row: String, on processor: Processor
  ) throws(BenchmarkError) -> PreparedBenchmark {
    let plainest = processor.plainest
    let units = try network.layers.map { layer throws(BenchmarkError) in
      let unit = ConvolutionTraining(layer, batch: network.batch, isPlain: false, on: processor)
      let reference = ConvolutionTraining(layer, batch: network.batch, isPlain: true, on: plainest)
      for one in [unit, reference] {
        one.forward()
        one.backward()
      }
      for (found, expected) in zip(unit.results, reference.results) {
        try expectClose(found.plain(on: processor), expected.plain(on: plainest), tolerance: 1e-3, row: row)
      }
      return unit
    }
    func run() {
      for unit in units { unit.forward() }
      for unit in units.reversed() { unit.backward() }
    }
    return PreparedBenchmark(work: .multiplyAdds(units.reduce(0) { $0 + $1.multiplyAdds }), run: run)
  }
}
