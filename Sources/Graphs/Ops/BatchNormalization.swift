import Kernels
import Tensors

/// y[n, c, …] = γ[c] · (x[n, c, …] − μ[c]) / √(σ²[c] + ε) + β[c]
///
/// Batch normalisation with the statistics gathered in training (Ioffe & Szegedy 2015). Inputs: x [batch, channels, …], then γ, β, μ, σ² of [channels] each.
public struct BatchNormalization: Operation {
  public var epsilon: Float
  public init(epsilon: Float) { self.epsilon = epsilon }

  public var name: String { "batch normalization" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(5...5)
    guard inputs[0].rank >= 2 else { throw ShapeError("expected [batch, channels, …], found \(inputs[0])") }
    for statistic in inputs.dropFirst() where statistic != [inputs[0].channels] {
      throw ShapeError("expected statistics of \(inputs[0].channels) channels, found \(statistic)")
    }
    return inputs[0]
  }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .elementwise(inputs: inputs, output: output) }

  /// Statistics that change from run to run become a factor and a summand of each channel in each.
  public func scratchCount(for site: Site) -> Int {
    site.constants.dropFirst().contains { $0 == nil } ? 2 * paddedChannels(at: site) : 0
  }

  public func prepare(at site: Site) -> KernelCall {
    let x = site.channelMaps(ofInput: 0), y = site.outputChannelMaps, processor = site.processor
    let padded = paddedChannels(at: site)
    if let affine = affine(Array(site.constants.dropFirst())) {
      let scale = AlignedFloats(affine.scale, paddedTo: padded), shift = AlignedFloats(affine.shift, paddedTo: padded)
      let chain = ElementwiseChain([.scaleAndShiftByConstants(scale: scale, shift: shift)], x: x, y: y)
      return KernelCall { inputs, output, _ in chain.run(inputs[0], into: &output, on: processor) }
    }
    let factors = FeatureMaps(batch: 1, channels: padded, height: 1, width: 1)
    let chain = ElementwiseChain([.scaleAndShiftChannels(scale: 0, shift: 1)], x: x, operands: [factors, factors], y: y)
    return KernelCall { inputs, output, scratch in
      normalizationFactors(
        gamma: inputs[1], beta: inputs[2], mean: inputs[3], variance: inputs[4], epsilon: epsilon, paddedTo: padded, into: &scratch)
      let factors = scratch.span
      chain.run(inputs[0], factors.extracting(first: padded), factors.extracting(droppingFirst: padded), into: &output, on: processor)
    }
  }

  /// Channels filled up to whole blocks.
  private func paddedChannels(at site: Site) -> Int {
    let lanes = site.outputLayout.lanes
    return (site.output[1] + lanes - 1) / lanes * lanes
  }

  /// The factor and the summand of each channel, γ / √(σ² + ε) and β − μ · γ / √(σ² + ε), if γ, β, μ, σ² are all known.
  func affine(_ statistics: [Tensor?]) -> (scale: [Float], shift: [Float])? {
    guard statistics.count == 4, let gamma = statistics[0], let beta = statistics[1], let mean = statistics[2], let variance = statistics[3] else {
      return nil
    }
    let channels = gamma.count
    var factors = [Float](repeating: 0, count: 2 * channels), span = factors.mutableSpan
    normalizationFactors(
      gamma: gamma.span, beta: beta.span, mean: mean.span, variance: variance.span, epsilon: epsilon, paddedTo: channels, into: &span)
    return (Array(factors[..<channels]), Array(factors[channels...]))
  }
}

extension BatchNormalization {
  /// dβ = Σ dy, dγ = Σ dy · x̂, dx = γ / √(σ² + ε) · dy, and with the statistics of the batch less the part of it that they take away.
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let channels: Shape = [graph[site.inputs[1]].shape[0]]
    // With the statistics of this very batch, those depend on x, too, and one formula has all of it.
    let isOfBatch = graph.batchStatistics(of: site.inputs[3], site.inputs[4]) == site.inputs[0]
    let sums = try graph.append(
      BatchNormalizationGradient(.parameters, epsilon: epsilon), [site.inputs[0], site.gradient, site.inputs[3], site.inputs[4]])
    let dGamma = try graph.append(Part(from: 0, channels), [sums]), dBeta = try graph.append(Part(from: channels[0], channels), [sums])
    if isOfBatch {
      let dx = site.isWanted[0]
        ? try graph.append(
          BatchNormalizationGradient(.input, epsilon: epsilon),
          [site.inputs[0], site.gradient, site.inputs[3], site.inputs[4], site.inputs[1], dGamma, dBeta]) : nil
      return [dx, dGamma, dBeta, nil, nil]
    }
    let zeros = graph.constant("zeros", Tensor(channels))
    let dx = site.isWanted[0] || site.isWanted[3]
      ? try graph.append(BatchNormalization(epsilon: epsilon), [site.gradient, site.inputs[1], zeros, zeros, site.inputs[4]]) : nil
    var dMean: Graph.Index?, dVariance: Graph.Index?
    if site.isWanted[3], let dx { dMean = try graph.scaled(try graph.append(ChannelSum(), [dx]), by: -1) }
    if site.isWanted[4] {  // −½ · dγ · γ / (σ² + ε)
      let shifted = try graph.append(Affine(scale: 1, shift: epsilon), [site.inputs[4]])
      let inverse = try graph.append(Elementary(.reciprocal), [shifted])
      let product = try graph.append(Multiply(), [try graph.append(Multiply(), [dGamma, site.inputs[1]]), inverse])
      dVariance = try graph.scaled(product, by: -0.5)
    }
    return [site.isWanted[0] ? dx : nil, dGamma, dBeta, dMean, dVariance]
  }
}
