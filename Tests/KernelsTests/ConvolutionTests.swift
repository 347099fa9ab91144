import Kernels
import Testing

/// Every algorithm on every table against the formula.
@Suite struct ConvolutionTests {
  struct Case: CustomTestStringConvertible {
    var batch = 1, channels = 3, outputs = 5, groups = 1, height = 7, width = 9, kernelHeight = 3, kernelWidth = 3, stride = 1, dilation = 1
    var top = 1, left = 1, bottom = 1, right = 1
    var activation = Activation.linear
    var hasResidual = false, isPooled = false
    /// Borders beyond what is needed: of the input, the output and the residual.
    var spare = (input: 0, output: 0, residual: 0)
    var isPlain = false
    var height0: Int { (height + top + bottom - dilation * (kernelHeight - 1) - 1) / stride + 1 }
    var width0: Int { (width + left + right - dilation * (kernelWidth - 1) - 1) / stride + 1 }
    var testDescription: String {
      "\(batch)×\(channels)×\(height)×\(width) → \(outputs), \(kernelHeight)×\(kernelWidth) /\(stride) ·\(dilation) g\(groups) p\(top),\(left),\(bottom),\(right)"
        + (hasResidual ? " + residual" : "") + (isPooled ? ", pooled" : "") + (isPlain ? ", plain" : "") + ", \(activation)"
    }

    /// In the layout of `kernels`; a residual lies as the output does, with its own border.
    func problem(on kernels: KernelTable) -> ConvolutionProblem {
      let border = ConvolutionProblem.border(
        inputHeight: height, inputWidth: width, outputHeight: height0, outputWidth: width0, kernelHeight: kernelHeight, kernelWidth: kernelWidth,
        stride: stride, dilation: dilation, top: top, left: left)
      func maps(_ spare: Int) -> FeatureMaps {
        FeatureMaps(
          batch: batch, channels: outputs, height: isPooled ? height0 / 2 : height0, width: isPooled ? width0 / 2 : width0,
          layout: MapLayout(lanes: kernels.lanes, border: spare))
      }
      return ConvolutionProblem(
        input: FeatureMaps(
          batch: batch, channels: channels, height: height, width: width,
          layout: MapLayout(lanes: isPlain ? 1 : kernels.lanes, border: border + spare.input)),
        output: maps(spare.output), kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride, dilation: dilation, top: top, left: left,
        groups: groups, activation: activation, residual: hasResidual ? maps(spare.residual) : nil, isPooled: isPooled)
    }
  }

  static let cases: [Case] = {
    var cases: [Case] = []
    for outputs in [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 61, 64] { cases.append(Case(outputs: outputs)) }
    for width in [1, 2, 3, 5, 6, 7, 11, 13, 14, 15, 16, 27, 28, 29, 43, 67] { cases.append(Case(outputs: 7, height: 3, width: width)) }
    for channels in [1, 2, 4, 8, 15, 16, 17, 24, 40] { cases.append(Case(channels: channels, outputs: 9, kernelHeight: 1, kernelWidth: 1)) }
    cases += [
      Case(batch: 2, channels: 4, outputs: 6, groups: 2), Case(channels: 6, outputs: 12, groups: 3), Case(channels: 32, outputs: 64, groups: 2),
      Case(channels: 32, outputs: 32, groups: 8), Case(channels: 48, outputs: 32, groups: 16), Case(channels: 36, outputs: 24, groups: 12),
      Case(channels: 6, outputs: 6, groups: 6), Case(channels: 35, outputs: 35, groups: 35, spare: (1, 1, 0)),
      Case(channels: 16, outputs: 16, groups: 16, stride: 2, activation: .relu6), Case(channels: 20, outputs: 40, groups: 20),
      Case(channels: 18, outputs: 18, groups: 18, height: 15, width: 15, kernelHeight: 5, kernelWidth: 5, dilation: 2, activation: .hardSwish),
      Case(channels: 3, outputs: 3, groups: 3, isPlain: true), Case(channels: 6, outputs: 4, groups: 2, stride: 2, isPlain: true),
      Case(kernelHeight: 1, kernelWidth: 1, top: 0, left: 0, bottom: 0, right: 0),
      Case(channels: 300, outputs: 9, height: 4, width: 5, kernelHeight: 1, kernelWidth: 1, top: 0, left: 0, bottom: 0, right: 0),
      Case(batch: 2, channels: 40, outputs: 70, height: 16, width: 14, kernelHeight: 1, kernelWidth: 1, top: 0, left: 0, bottom: 0, right: 0),
      Case(channels: 20, outputs: 33, kernelHeight: 1, kernelWidth: 1, stride: 2, top: 0, left: 0, bottom: 0, right: 0),
      Case(kernelHeight: 1, kernelWidth: 1),  // padding around a 1×1 kernel: the outermost outputs see zeros alone
      Case(height: 11, width: 13, kernelHeight: 7, kernelWidth: 7, stride: 2, top: 3, left: 3, bottom: 3, right: 3),
      Case(height: 11, width: 13, kernelHeight: 5, kernelWidth: 2, stride: 3, top: 0, left: 1, bottom: 2, right: 0),
      Case(channels: 19, outputs: 21, height: 19, width: 19, kernelHeight: 5, kernelWidth: 3, stride: 3, top: 2, left: 1, bottom: 0, right: 1),
      Case(height: 12, width: 12, dilation: 2, top: 2, left: 2, bottom: 2, right: 2),
      Case(channels: 17, height: 12, width: 12, dilation: 3, top: 0, left: 0, bottom: 0, right: 0),
      Case(channels: 67, outputs: 37, height: 13, width: 13), Case(channels: 16, outputs: 20, height: 33, width: 35),
      Case(height: 2, width: 2, top: 3, left: 3, bottom: 3, right: 3),  // more padding than picture
      Case(batch: 3, activation: .leaky(slope: 0.1)), Case(activation: .mish), Case(activation: .relu6), Case(activation: .hardTanh),
      Case(channels: 20, outputs: 40, activation: .relu, hasResidual: true, spare: (1, 2, 1)),
      Case(batch: 2, channels: 20, outputs: 20, height: 14, kernelHeight: 1, kernelWidth: 1, top: 0, left: 0, bottom: 0, right: 0, hasResidual: true),
      Case(outputs: 40, height: 8, width: 10, activation: .leaky(slope: 0.1), isPooled: true, spare: (0, 1, 0)),
      Case(channels: 5, outputs: 17, height: 7, width: 9, activation: .swish, isPooled: true),
      Case(channels: 3, outputs: 16, height: 20, width: 28, activation: .leaky(slope: 0.1), isPooled: true, spare: (1, 1, 0), isPlain: true),
    ]
    // Tiles of pixels of many rows and pictures.
    cases += [
      Case(batch: 9, channels: 20, outputs: 37, height: 2, width: 2, activation: .relu, hasResidual: true, spare: (0, 1, 2)),
      Case(batch: 3, channels: 33, outputs: 70, height: 4, width: 3, activation: .mish, hasResidual: true, spare: (1, 1, 0)),
      Case(batch: 2, channels: 17, outputs: 19, height: 9, width: 15, stride: 2, activation: .relu, hasResidual: true, spare: (0, 2, 1)),
      Case(batch: 3, channels: 32, outputs: 64, groups: 2, height: 3, width: 2, spare: (0, 1, 0)),
      Case(batch: 5, channels: 40, outputs: 18, height: 2, width: 2, kernelHeight: 1, kernelWidth: 1, top: 0, left: 0, bottom: 0, right: 0),
    ]
    // Plain maps of few channels, as pictures are.
    for (kernel, stride) in [(3, 1), (3, 2), (7, 2), (5, 1), (11, 4), (1, 1)] {
      cases.append(
        Case(
          outputs: 24, height: 31, width: 37, kernelHeight: kernel, kernelWidth: kernel, stride: stride, top: kernel / 2, left: kernel / 2,
          bottom: kernel / 2, right: kernel / 2, activation: .relu, spare: (0, 1, 0), isPlain: true))
    }
    // 3×3 of stride 1 with channels enough for Winograd's algorithms.
    for outputs in [32, 33, 47, 63, 64, 65] { cases.append(Case(channels: 32, outputs: outputs, spare: (0, 1, 0))) }
    for channels in [32, 33, 37, 61] { cases.append(Case(channels: channels, outputs: 32)) }
    for size in [4, 5, 6, 7, 9, 12, 13, 26, 31] { cases.append(Case(channels: 32, outputs: 32, height: size, width: size + 2, spare: (1, 0, 0))) }
    cases += [
      Case(batch: 40, channels: 16, outputs: 18, height: 4, width: 4, activation: .mish, hasResidual: true, spare: (0, 1, 2)),
      Case(batch: 5, channels: 32, outputs: 32, height: 12, width: 10, activation: .relu, isPooled: true, spare: (0, 1, 0)),
      Case(batch: 3, channels: 32, outputs: 40, height: 9, width: 11), Case(channels: 32, outputs: 32, top: 0, left: 0, bottom: 0, right: 0),
      Case(channels: 32, outputs: 32, top: 2, left: 0, bottom: 1, right: 3), Case(channels: 32, outputs: 32, activation: .leaky(slope: 0.1)),
      Case(channels: 32, outputs: 32, height: 52, width: 60, activation: .mish),  // many blocks of tiles
      Case(batch: 2, channels: 40, outputs: 50, height: 13, width: 15, activation: .relu, hasResidual: true, spare: (0, 1, 2)),
      Case(channels: 32, outputs: 48, height: 26, width: 28, activation: .leaky(slope: 0.1), isPooled: true, spare: (0, 1, 0)),
      Case(channels: 32, outputs: 32, height: 10, width: 14, activation: .relu, hasResidual: false, isPooled: true),
      Case(channels: 32, outputs: 32, height: 9, width: 11, activation: .relu, isPooled: true),  // the odd row and column are dropped
    ]
    return cases
  }()

  @Test(arguments: cases) func everyAlgorithmEqualsTheReferenceOnEveryTable(_ c: Case) {
    let data = Data(c)
    for table in tables {
      for algorithm in c.problem(on: table).algorithms(on: table, allowsLargeTiles: true) {
        for threads in [1, 3] {
          let found = run(c, data, algorithm, on: processor(table, threads: threads))
          let depth = Float(c.channels / c.groups * c.kernelHeight * c.kernelWidth)
          // The error of a sum of n rounded products grows as √n. Winograd's transforms add and subtract numbers of several times the result's size.
          let largest = data.expected.reduce(1) { max($0, abs($1)) }
          let tolerance: Float
          switch algorithm {
          case .winograd(6, _): tolerance = 3e-5 * largest
          case .winograd: tolerance = 4e-6 * largest
          default: tolerance = 3e-7 * max(2, depth.squareRoot())
          }
          expectClose(found, data.expected, tolerance: tolerance, "\(table.name), \(algorithm), \(threads) threads")
        }
      }
    }
  }

  @Test func sameBitsForAnyNumberOfThreads() {
    for c in [
      Case(batch: 2, channels: 70, outputs: 29, height: 26, width: 26, activation: .swish), Case(channels: 32, outputs: 70, height: 13, width: 13),
      Case(channels: 32, outputs: 40, height: 60, width: 52), Case(channels: 67, outputs: 67, groups: 67, height: 30, width: 31),
      Case(outputs: 33, height: 40, width: 43, stride: 2, isPlain: true),
    ] {
      let data = Data(c, comparing: false)
      for table in tables {
        for algorithm in c.problem(on: table).algorithms(on: table, allowsLargeTiles: true) {
          let alone = run(c, data, algorithm, on: processor(table, threads: 1))
          for threads in [2, 3, 7] {
            let together = run(c, data, algorithm, on: processor(table, threads: threads))
            #expect(together.map(\.bitPattern) == alone.map(\.bitPattern), "\(table.name), \(algorithm), \(threads) threads")
          }
        }
      }
    }
  }

  @Test func infinityAndNaNReachTheirOutputsAndNoOthers() {
    for isPlain in [false, true] {
      let c = Case(channels: 1, outputs: 1, height: 5, width: 5, activation: .relu, isPlain: isPlain)
      var data = Data(c, comparing: false)
      data.x[0] = .nan
      data.x[24] = .infinity
      data.weights = [Float](repeating: 1, count: 9)
      for table in tables {
        let found = run(c, data, .direct, on: processor(table))
        for index in 0..<25 {
          let isNearNaN = index / 5 <= 1 && index % 5 <= 1, isNearInfinity = index / 5 >= 3 && index % 5 >= 3
          #expect(found[index].isNaN == isNearNaN, "\(table.name) [\(index)]")
          #expect((found[index] == .infinity) == isNearInfinity, "\(table.name) [\(index)]")
        }
      }
    }
  }

  /// Numbers as in a network: weights scaled so that the outputs are about as large as the inputs. The bound holds for every table, fused or not.
  @Test(arguments: [64, 128, 256, 512]) func theErrorOfWinogradStaysSmallForManyChannels(channels: Int) throws {
    let c = Case(channels: channels, outputs: 32, height: 14, width: 14)
    let data = Data(c)
    let largest = data.expected.reduce(0) { max($0, abs($1)) }
    for table in tables {
      for (size, bound) in [(2, Float(4e-6)), (4, 4e-6), (6, 3e-5)] {
        let found = run(c, data, .winograd(size: size, sharesOutputs: false), on: processor(table, threads: 2))
        let error = zip(found, data.expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest
        #expect(error <= bound, "\(table.name), F(\(size)×\(size)), \(channels) channels: \(error) of the largest output")
        #expect(error > 0, "an error of nothing would mean that nothing was compared")
      }
    }
  }

  @Test func winogradIsForThreeByThreeOfStrideOneAlone() {
    func isOffered(_ c: Case) -> Bool {
      c.problem(on: tables[0]).algorithms(on: tables[0]).contains { if case .winograd = $0 { true } else { false } }
    }
    let c = Case(channels: 64, outputs: 64, height: 16, width: 16)
    #expect(isOffered(c))
    for change in [\Case.stride, \Case.dilation, \Case.groups] {
      var other = c
      other[keyPath: change] = 2
      #expect(!isOffered(other), "\(other.testDescription)")
    }
    #expect(!isOffered(Case(channels: 64, outputs: 64, height: 16, width: 16, kernelHeight: 5)))
    #expect(!isOffered(Case(channels: 3, outputs: 64, height: 16, width: 16)) && !isOffered(Case(channels: 64, outputs: 64, height: 2, width: 16)))
  }

  struct Data {
    var x, weights, bias, residual, expected: [Float]

    init(_ c: Case, comparing: Bool = true) {
      x = noise(c.batch * c.channels * c.height * c.width)
      let depth = Float(c.channels / c.groups * c.kernelHeight * c.kernelWidth)
      weights = noise(c.outputs * c.channels / c.groups * c.kernelHeight * c.kernelWidth, seed: 2).map { $0 * (3 / depth).squareRoot() }
      bias = noise(c.outputs, seed: 3)
      residual = noise(c.batch * c.outputs * c.height0 * c.width0, seed: 4)
      guard comparing else {
        expected = []
        return
      }
      let geometry = PatchGeometry(
        inputHeight: c.height, inputWidth: c.width, outputWidth: c.width0, kernelHeight: c.kernelHeight, kernelWidth: c.kernelWidth,
        stride: c.stride, dilation: c.dilation, top: c.top, left: c.left)
      expected = Reference.convolution(
        x, batch: c.batch, channels: c.channels, outputs: c.outputs, groups: c.groups, geometry: geometry, outputHeight: c.height0,
        weights: weights, bias: bias, residual: c.hasResidual ? residual : nil, activation: c.activation)
      if c.isPooled {
        expected = Reference.pool(
          .max, expected,
          geometry: PoolingGeometry(
            inputHeight: c.height0, inputWidth: c.width0, outputHeight: c.height0 / 2, outputWidth: c.width0 / 2, size: 2, stride: 2, top: 0, left: 0),
          maps: c.batch * c.outputs)
      }
    }
  }

  /// Runs in the problem's layouts, with memory that was not cleared, and returns plain maps; the output's border must be zeros.
  private func run(_ c: Case, _ data: Data, _ algorithm: ConvolutionAlgorithm, on processor: Processor) -> [Float] {
    let problem = c.problem(on: processor.kernels)
    let x = laidOut(data.x, as: problem.input, on: processor)
    let residual = problem.residual.map { laidOut(data.residual, as: $0, on: processor) }
    var y = [Float](repeating: .nan, count: problem.output.count)
    let plan = ConvolutionPlan(problem, algorithm: algorithm, kernels: processor.kernels)
    var scratch = [Float](repeating: .nan, count: plan.scratchCount(threadCount: processor.threads.threadCount))
    var ySpan = y.mutableSpan, scratchSpan = scratch.mutableSpan
    let convolution = Convolution(plan, weights: data.weights.span, bias: data.bias.span, on: processor)
    convolution.run(x.span, residual: residual?.span, into: &ySpan, scratch: &scratchSpan, on: processor)
    expectClearBorder(y, problem.output, "\(processor.kernels.name), \(algorithm)")
    return plain(y, from: problem.output, on: processor)
  }
}
