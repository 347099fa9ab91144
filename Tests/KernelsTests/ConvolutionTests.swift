import Kernels
import Testing

@Suite struct ConvolutionTests {
  struct Case: CustomTestStringConvertible {
    var batch = 1, channels = 3, outputs = 5, groups = 1, height = 7, width = 9, kernelHeight = 3, kernelWidth = 3, stride = 1, dilation = 1
    var top = 1, left = 1, bottom = 1, right = 1
    var activation = Activation.linear
    var outputHeight: Int { (height + top + bottom - dilation * (kernelHeight - 1) - 1) / stride + 1 }
    var outputWidth: Int { (width + left + right - dilation * (kernelWidth - 1) - 1) / stride + 1 }
    var testDescription: String {
      "\(batch)×\(channels)×\(height)×\(width) → \(outputs), \(kernelHeight)×\(kernelWidth) /\(stride) ·\(dilation) g\(groups) p\(top),\(left),\(bottom),\(right)"
    }
  }

  static let cases: [Case] = {
    var cases: [Case] = []
    // Every number of outputs around the height of a tile, and every width around that of a panel.
    for outputs in [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 16, 23, 24, 25, 61] { cases.append(Case(outputs: outputs)) }
    for width in [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 67] { cases.append(Case(outputs: 7, height: 3, width: width)) }
    cases += [
      Case(batch: 2, channels: 4, outputs: 6, groups: 2), Case(channels: 6, outputs: 6, groups: 6), Case(channels: 6, outputs: 12, groups: 3),
      Case(kernelHeight: 1, kernelWidth: 1, top: 0, left: 0, bottom: 0, right: 0),
      Case(channels: 300, outputs: 9, height: 4, width: 5, kernelHeight: 1, kernelWidth: 1, top: 0, left: 0, bottom: 0, right: 0),
      Case(kernelHeight: 1, kernelWidth: 1, stride: 2, top: 0, left: 0, bottom: 0, right: 0),
      Case(kernelHeight: 1, kernelWidth: 1),  // padding around a 1×1 kernel: the outermost outputs see zeros alone
      Case(height: 11, width: 13, kernelHeight: 7, kernelWidth: 7, stride: 2, top: 3, left: 3, bottom: 3, right: 3),
      Case(height: 11, width: 13, kernelHeight: 5, kernelWidth: 2, stride: 3, top: 0, left: 1, bottom: 2, right: 0),
      Case(height: 12, width: 12, dilation: 2, top: 2, left: 2, bottom: 2, right: 2),
      Case(height: 12, width: 12, dilation: 3, top: 0, left: 0, bottom: 0, right: 0),
      Case(channels: 67, outputs: 37, height: 13, width: 13),  // deeper than a block of depth
      Case(channels: 16, outputs: 20, height: 33, width: 35),  // wider than a block of columns
      Case(height: 2, width: 2, top: 3, left: 3, bottom: 3, right: 3),  // more padding than picture
      Case(batch: 3, activation: .leaky(slope: 0.1)), Case(activation: .mish),
    ]
    return cases
  }()

  @Test(arguments: cases) func equalsTheReferenceOnEveryTable(_ c: Case) {
    for table in tables {
      for threads in [1, 3] {
        let (found, expected) = run(c, on: processor(table, threads: threads))
        // The error of a sum of n rounded products grows as √n.
        let depth = Float(c.channels / c.groups * c.kernelHeight * c.kernelWidth)
        expectClose(found, expected, tolerance: 3e-7 * max(2, depth.squareRoot()), "\(table.name), \(threads) threads")
      }
    }
  }

  @Test func sameBitsForAnyNumberOfThreads() {
    let c = Case(batch: 2, channels: 70, outputs: 29, height: 26, width: 26, activation: .swish)
    for table in tables {
      let alone = run(c, on: processor(table, threads: 1)).found
      for threads in [2, 3, 7] {
        let together = run(c, on: processor(table, threads: threads)).found
        #expect(together.map(\.bitPattern) == alone.map(\.bitPattern), "\(table.name), \(threads) threads")
      }
    }
  }

  @Test func infinityAndNaNReachTheirOutputsAndNoOthers() {
    var c = Case(channels: 1, outputs: 1, height: 5, width: 5)
    c.activation = .relu
    for table in tables {
      var x = noise(25)
      x[0] = .nan
      x[24] = .infinity
      let found = run(c, on: processor(table), x: x, weights: [Float](repeating: 1, count: 9)).found
      for index in 0..<25 {
        let isNearNaN = index / 5 <= 1 && index % 5 <= 1, isNearInfinity = index / 5 >= 3 && index % 5 >= 3
        #expect(found[index].isNaN == isNearNaN, "\(table.name) [\(index)]")
        #expect((found[index] == .infinity) == isNearInfinity, "\(table.name) [\(index)]")
      }
    }
  }

  private func run(_ c: Case, on processor: Processor, x: [Float]? = nil, weights: [Float]? = nil) -> (found: [Float], expected: [Float]) {
    let x = x ?? noise(c.batch * c.channels * c.height * c.width)
    let weights = weights ?? noise(c.outputs * c.channels / c.groups * c.kernelHeight * c.kernelWidth, seed: 2).map { $0 * 0.3 }
    let bias = noise(c.outputs, seed: 3)
    let geometry = PatchGeometry(
      inputHeight: c.height, inputWidth: c.width, outputWidth: c.outputWidth, kernelHeight: c.kernelHeight, kernelWidth: c.kernelWidth,
      stride: c.stride, dilation: c.dilation, top: c.top, left: c.left)
    let plan = ConvolutionPlan(
      batch: c.batch, channels: c.channels, outputs: c.outputs, groups: c.groups, geometry: geometry, outputHeight: c.outputHeight,
      activation: c.activation, kernels: processor.kernels)
    var y = [Float](repeating: .nan, count: c.batch * c.outputs * c.outputHeight * c.outputWidth)
    var scratch = [Float](repeating: .nan, count: plan.scratchCount(threadCount: processor.threads.threadCount))
    var ySpan = y.mutableSpan, scratchSpan = scratch.mutableSpan
    Convolution(plan, weights: weights.span, bias: bias.span).run(x.span, into: &ySpan, scratch: &scratchSpan, on: processor)
    let expected = Reference.convolution(
      x, batch: c.batch, channels: c.channels, outputs: c.outputs, groups: c.groups, geometry: geometry, outputHeight: c.outputHeight,
      weights: weights, bias: bias, activation: c.activation)
    return (y, expected)
  }
}
