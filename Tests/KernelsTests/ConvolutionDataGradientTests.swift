import Kernels
import Testing

/// The gradient by the input on every table against its formula.
@Suite struct ConvolutionDataGradientTests {
  typealias Case = ConvolutionTests.Case

  static let cases: [Case] = {
    var cases: [Case] = []
    for channels in [1, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 61] { cases.append(Case(channels: channels, outputs: 7)) }
    for outputs in [1, 3, 4, 7, 8, 9, 15, 16, 17, 33] { cases.append(Case(channels: 9, outputs: outputs, height: 6, width: 5, stride: 2)) }
    for width in [1, 2, 3, 4, 5, 7, 13, 14, 15, 27, 29, 31] { cases.append(Case(height: 5, width: width, stride: width % 2 + 1)) }
    for (kernel, stride) in [(1, 1), (1, 2), (2, 2), (3, 2), (3, 3), (4, 2), (5, 2), (5, 3), (7, 2), (11, 4), (2, 3)] {
      let pad = kernel / 2
      cases.append(
        Case(
          channels: 5, outputs: 6, height: 13, width: 14, kernelHeight: kernel, kernelWidth: kernel, stride: stride, top: pad, left: pad, bottom: pad,
          right: pad, spare: (1, 1, 0)))
    }
    cases += [
      Case(batch: 3, channels: 20, outputs: 40, height: 8, width: 8), Case(batch: 2, channels: 20, outputs: 40, height: 8, width: 8, stride: 2),
      Case(channels: 6, outputs: 9, groups: 3, stride: 2), Case(channels: 32, outputs: 64, groups: 2), Case(channels: 48, outputs: 32, groups: 16),
      Case(channels: 19, outputs: 19, groups: 19), Case(channels: 35, outputs: 35, groups: 35, height: 8, stride: 2, spare: (2, 1, 0)),
      Case(channels: 20, outputs: 40, groups: 20, stride: 2), Case(channels: 5, outputs: 5, groups: 5, kernelHeight: 5, kernelWidth: 3, dilation: 2),
      Case(height: 12, width: 12, dilation: 2, top: 2, left: 2, bottom: 2, right: 2), Case(height: 15, width: 14, stride: 2, dilation: 2),
      Case(height: 15, width: 14, stride: 2, dilation: 3), Case(height: 15, width: 14, stride: 4, dilation: 2, top: 0, left: 1, bottom: 0, right: 0),
      Case(height: 16, width: 17, stride: 3, dilation: 2), Case(height: 9, width: 9, kernelHeight: 5, kernelWidth: 2, stride: 3, top: 3, left: 0),
      Case(kernelHeight: 1, kernelWidth: 1), Case(kernelHeight: 1, kernelWidth: 1, stride: 2),
      Case(height: 2, width: 2, top: 3, left: 3, bottom: 3, right: 3), Case(height: 9, width: 9, top: 0, left: 0, bottom: 0, right: 0),
      Case(height: 1, width: 1, stride: 2), Case(height: 10, width: 10, kernelHeight: 2, kernelWidth: 2, stride: 4, top: 0, left: 0),
      // 3×3 of stride 1 with channels enough for Winograd's algorithms.
      Case(channels: 3, outputs: 40, height: 13, width: 12),
      Case(batch: 2, channels: 33, outputs: 40, height: 13, width: 14), Case(channels: 32, outputs: 32, height: 5, width: 4, spare: (1, 0, 0)),
      Case(channels: 32, outputs: 37, height: 7, width: 9, top: 0, left: 2, bottom: 1, right: 0),
    ]
    return cases
  }()

  @Test(arguments: cases) func everyAlgorithmEqualsTheReferenceOnEveryTable(_ c: Case) {
    let dy = noise(c.batch * c.outputs * c.height0 * c.width0), weights = c.weights
    let expected = Reference.convolutionDataGradient(
      dy, batch: c.batch, channels: c.channels, outputs: c.outputs, groups: c.groups, geometry: c.geometry, outputHeight: c.height0, weights: weights)
    let depth = Float(c.outputs / c.groups * c.kernelHeight * c.kernelWidth), largest = expected.reduce(1) { max($0, abs($1)) }
    for table in tables {
      for algorithm in ConvolutionDataGradient.algorithms(for: c.gradientProblem(on: table), on: table, allowsLargeTiles: true) {
        for threads in [1, 3] {
          let found = run(c, dy, weights, algorithm: algorithm, on: processor(table, threads: threads))
          let tolerance: Float =
            switch algorithm {
            case .winograd(6, _): 3e-5 * largest
            case .winograd: 4e-6 * largest
            default: 3e-7 * max(2, depth.squareRoot())
            }
          expectClose(found, expected, tolerance: tolerance, "\(table.name), \(algorithm), \(threads) threads")
        }
      }
    }
  }

  @Test(arguments: [Activation.linear, .relu, .mish]) func transposedConvolutionsHaveABiasAndAnActivation(_ activation: Activation) {
    for c in [
      Case(channels: 21, outputs: 5), Case(channels: 21, outputs: 5, stride: 2), Case(channels: 6, outputs: 6, groups: 6, stride: 3),
      Case(channels: 6, outputs: 6, kernelHeight: 2, kernelWidth: 1, stride: 3), Case(channels: 32, outputs: 32, spare: (1, 1, 0)),
    ] {
      let dy = noise(c.batch * c.outputs * c.height0 * c.width0), weights = c.weights
      let bias = noise(c.channels, seed: 3)
      let expected = Reference.convolutionDataGradient(
        dy, batch: c.batch, channels: c.channels, outputs: c.outputs, groups: c.groups, geometry: c.geometry, outputHeight: c.height0,
        weights: weights, bias: bias, activation: activation)
      for table in tables {
        let found = run(c, dy, weights, bias: bias, activation: activation, on: processor(table, threads: 2))
        expectClose(found, expected, tolerance: 1e-5, "\(table.name), \(c.testDescription)")
      }
    }
  }

  @Test func sameBitsForAnyNumberOfThreads() {
    for c in [
      Case(batch: 2, channels: 70, outputs: 29, height: 26, width: 26), Case(batch: 2, channels: 33, outputs: 40, height: 27, width: 26, stride: 2),
      Case(batch: 2, channels: 33, outputs: 33, groups: 33, height: 27, width: 26, stride: 2),
    ] {
      let dy = noise(c.batch * c.outputs * c.height0 * c.width0), weights = c.weights
      for table in tables {
        let alone = run(c, dy, weights, on: processor(table, threads: 1))
        for threads in [2, 3, 7] {
          let together = run(c, dy, weights, on: processor(table, threads: threads))
          #expect(together.map(\.bitPattern) == alone.map(\.bitPattern), "\(table.name), \(c.testDescription), \(threads) threads")
        }
      }
    }
  }

  /// Runs in the problem's layouts, with memory that was not cleared, and returns plain maps; the border of dx must be zeros.
  private func run(
    _ c: Case, _ dy: [Float], _ weights: [Float], bias: [Float]? = nil, activation: Activation = .linear, algorithm: ConvolutionAlgorithm? = nil,
    on processor: Processor
  ) -> [Float] {
    let problem = c.gradientProblem(on: processor.kernels)
    let gradient = ConvolutionDataGradient(problem, activation: activation, algorithm: algorithm, kernels: processor.kernels)
    let blocked = laidOut(dy, as: problem.output, on: processor)
    var dx = [Float](repeating: .nan, count: problem.input.count)
    var scratch = [Float](repeating: .nan, count: gradient.scratchCount(threadCount: processor.threads.threadCount, isPacking: true))
    var dxSpan = dx.mutableSpan, scratchSpan = scratch.mutableSpan
    gradient.run(blocked.span, packing: weights.span, bias: bias?.span, into: &dxSpan, scratch: &scratchSpan, on: processor)
    expectClearBorder(dx, problem.input, "\(processor.kernels.name)")
    return plain(dx, from: problem.input, on: processor)
  }
}

extension ConvolutionTests.Case {
  var geometry: PatchGeometry {
    PatchGeometry(
      inputHeight: height, inputWidth: width, outputWidth: width0, kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride,
      dilation: dilation, top: top, left: left)
  }

  /// Scaled so that gradients are about as large as what they come from.
  var weights: [Float] {
    let depth = Float(outputs / groups * kernelHeight * kernelWidth)
    return noise(outputs * channels / groups * kernelHeight * kernelWidth, seed: 2).map { $0 * (3 / depth).squareRoot() }
  }

  /// The problem of the gradients: dx with the input's border, dy with one that is wide enough.
  func gradientProblem(on kernels: KernelTable) -> ConvolutionProblem {
    var problem = problem(on: kernels)
    problem.activation = .linear
    problem.output.layout.border = ConvolutionDataGradient.border(of: problem) + spare.output
    return problem
  }
}
