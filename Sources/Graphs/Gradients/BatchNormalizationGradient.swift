import Kernels
import Tensors

/// The gradients of ``BatchNormalization`` with the statistics of the batch: see ``BatchNormalizationPlan``.
struct BatchNormalizationGradient: Operation {
  enum Part: Sendable {
    /// [2, channels]: dγ, then dβ. Inputs: x, dy, μ, σ².
    case parameters
    /// dx. Inputs: x, dy, μ, σ², γ, dγ, dβ.
    case input
  }

  let part: Part
  let epsilon: Float

  init(_ part: Part, epsilon: Float) {
    self.part = part
    self.epsilon = epsilon
  }

  var name: String { part == .input ? "batch normalization gradient" : "batch normalization sums" }

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let count = part == .input ? 7 : 4
    try inputs.expectCount(count...count)
    guard inputs[0].rank >= 2, inputs[0] == inputs[1] else { throw ShapeError("expected [batch, channels, …] and its gradient") }
    for statistic in inputs.dropFirst(2) where statistic != [inputs[0].channels] {
      throw ShapeError("expected numbers for \(inputs[0].channels) channels, found \(statistic)")
    }
    return part == .input ? inputs[0] : [2, inputs[0].channels]
  }

  func layoutSupport(inputs: [Shape], output: Shape, lanes: Int) -> LayoutSupport {
    guard part == .input else { return .channelStatistics(inputs: inputs, lanes: lanes) }
    return inputs[0].rank == 4
      ? .fixed(inputs: inputs.map { $0.rank == 4 ? MapLayout(lanes: lanes) : .plain }, outputLanes: lanes) : .plain
  }

  func scratchCount(for site: Site) -> Int { plan(at: site).scratchCount }

  func prepare(at site: Site) -> KernelCall {
    let plan = plan(at: site), processor = site.processor
    switch part {
    case .parameters:
      let channels = site.output[1]
      return KernelCall { inputs, output, scratch in
        output.withParts(channels, channels) { dGamma, dBeta in
          plan.parameterGradients(
            inputs[0], of: inputs[1], mean: inputs[2], variance: inputs[3], gamma: &dGamma, beta: &dBeta, scratch: &scratch, on: processor)
        }
      }
    case .input:
      let maps = site.outputChannelMaps
      return KernelCall { inputs, output, scratch in
        plan.inputGradient(
          inputs[0], of: inputs[1], gamma: inputs[4], mean: inputs[2], variance: inputs[3], gammaGradient: inputs[5], betaGradient: inputs[6],
          into: &output, maps: maps, scratch: &scratch, on: processor)
      }
    }
  }

  private func plan(at site: Site) -> BatchNormalizationPlan {
    BatchNormalizationPlan(x: site.channelMaps(ofInput: 0), y: site.channelMaps(ofInput: 1), epsilon: epsilon)
  }
}

extension MutableSpan<Float> {
  /// Calls `body` with the first numbers and those after them.
  mutating func withParts(
    _ first: Int, _ second: Int, _ body: (_ first: inout MutableSpan<Float>, _ second: inout MutableSpan<Float>) -> Void
  ) {
    precondition(first >= 0 && second >= 0 && first + second <= count)
    unsafe withUnsafeMutableBufferPointer { buffer in
      var head = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: buffer[0..<first]))
      var tail = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: buffer[first..<first + second]))
      body(&head, &tail)
    }
  }
}
