import Kernels
import Tensors

/// y[0, c] = the mean μ, y[1, c] = the biased variance σ² of x[n, c, …] over batch and pixels
///
/// What ``BatchNormalization`` normalises by in training (Ioffe & Szegedy 2015). Input: x [batch, channels, …]; the result is [2, channels].
public struct BatchStatistics: Operation {
  public init() {}
  public var name: String { "batch statistics" }

  public func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs.expectCount(1...1)
    guard inputs[0].rank >= 2 else { throw ShapeError("expected [batch, channels, …], found \(inputs[0])") }
    return [2, inputs[0].channels]
  }

  public func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport { .channelStatistics(inputs: inputs, lanes: lanes) }

  public func scratchCount(for site: Site) -> Int { plan(at: site).scratchCount }

  public func prepare(at site: Site) -> KernelCall {
    let plan = plan(at: site), channels = site.output[1], processor = site.processor
    return KernelCall { inputs, output, scratch in
      output.withParts(channels, channels) { mean, variance in
        plan.statistics(inputs[0], mean: &mean, variance: &variance, scratch: &scratch, on: processor)
      }
    }
  }

  private func plan(at site: Site) -> BatchNormalizationPlan {
    let x = site.channelMaps(ofInput: 0)
    return BatchNormalizationPlan(x: x, y: x, epsilon: 0)
  }

  /// dx = (dμ + 2 · (x − μ) · dσ²) / count
  public func gradients(at site: GradientSite, in graph: inout Graph) throws(ShapeError) -> [Graph.Index?] {
    let x = graph[site.inputs[0]].shape, channels: Shape = [x[1]], scale = 1 / Float(x.count / x[1])
    let one = graph.constant("one", Tensor(channels, repeating: 1))
    let mean = try graph.append(Part(from: 0, channels), [site.result])
    let dMean = try graph.append(Part(from: 0, channels), [site.gradient]), dVariance = try graph.append(Part(from: x[1], channels), [site.gradient])
    // Batch normalisation with a variance of 1 is a factor and a summand a channel.
    let slope = try graph.scaled(dVariance, by: 2 * scale), shift = try graph.scaled(dMean, by: scale)
    return [try graph.append(BatchNormalization(epsilon: 0), [site.inputs[0], slope, shift, mean, one])]
  }
}

extension Graph {
  /// The maps whose statistics two values are, if they are the two parts of the result of one ``BatchStatistics``.
  func batchStatistics(of mean: Index, _ variance: Index) -> Index? {
    guard let first = self[mean].operation as? Part, let second = self[variance].operation as? Part, first.first == 0,
      second.first == first.shape.count, self[mean].inputs == self[variance].inputs, self[self[mean].inputs[0]].operation is BatchStatistics
    else { return nil }
    return self[self[mean].inputs[0]].inputs[0]
  }
}
