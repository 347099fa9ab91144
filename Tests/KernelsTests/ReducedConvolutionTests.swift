import Kernels
import Testing

/// Convolutions of bf16 and of bytes, on every table, against the formula applied to numbers rounded one by one.
@Suite struct ReducedConvolutionTests {
  typealias Case = ConvolutionTests.Case
  typealias Data = ConvolutionTests.Data

  static let cases: [Case] = {
    var cases: [Case] = []
    for outputs in [1, 4, 15, 16, 17, 33, 61] { cases.append(Case(channels: 16, outputs: outputs)) }
    for channels in [1, 3, 4, 7, 17, 37] { cases.append(Case(channels: channels, outputs: 9, spare: (1, 0, 0))) }
    for width in [1, 2, 5, 13, 14, 15, 29, 67] { cases.append(Case(channels: 20, outputs: 7, height: 3, width: width)) }
    for stride in [1, 2] {
      for (height, width) in [(1, 1), (7, 9), (14, 14), (28, 27)] {
        cases.append(
          Case(
            batch: 2, channels: 40, outputs: 33, height: height, width: width, kernelHeight: 1, kernelWidth: 1, stride: stride, top: 0, left: 0,
            bottom: 0, right: 0, activation: .relu, spare: (stride - 1, 0, 0)))
      }
      cases.append(Case(channels: 20, outputs: 36, height: 15, width: 16, stride: stride, activation: .leaky(slope: 0.1), spare: (1, 1, 0)))
      cases.append(Case(channels: 8, outputs: 8, kernelHeight: 5, kernelWidth: 2, stride: stride, top: 2, left: 0, bottom: 1, right: 3))
    }
    cases += [
      Case(channels: 24, height: 12, width: 12, dilation: 2, top: 2, left: 2, bottom: 2, right: 2),
      Case(channels: 20, outputs: 20, activation: .mish),
      Case(channels: 64, outputs: 32, groups: 2, activation: .relu6),
      Case(batch: 2, channels: 20, outputs: 40, activation: .relu, hasResidual: true, spare: (1, 2, 1)),
      Case(channels: 20, outputs: 40, height: 8, width: 10, activation: .leaky(slope: 0.1), isPooled: true, spare: (0, 1, 0)),
      Case(channels: 20, outputs: 70, height: 9, width: 13, activation: .relu, isPooled: true),
      Case(channels: 70, outputs: 100, height: 26, width: 26, activation: .leaky(slope: 0.1)),
    ]
    return cases
  }()

  /// Every dot table with the float table of its lanes.
  static func processors(threads: Int = 1) -> [Processor] {
    [Processor(kernels: sixteenLanesKernels, dotKernels: sixteenLanesDotKernels, threadCount: threads)]
      + Processor.supportedDotKernels.map { dots in
        Processor(kernels: Processor.supportedKernels.first { $0.lanes == dots.lanes }!, dotKernels: dots, threadCount: threads)
      }
  }

  @Test(arguments: cases) func sumsOfRoundedFloats(_ c: Case) {
    var data = Data(c, comparing: false)
    data.x = data.x.map(roundedToBFloat16)
    data.weights = data.weights.map(roundedToBFloat16)
    let expected = reference(c, data)
    let depth = Float(c.channels / c.groups * c.kernelHeight * c.kernelWidth)
    let unrounded = Data(c, comparing: false)
    for processor in Self.processors() + Self.processors(threads: 3) {
      for usesPairs in [false, true] {
        let found = run(c, unrounded, .bfloat16, on: processor, usesPairs: usesPairs)
        expectClose(found, expected, tolerance: 3e-7 * max(2, depth.squareRoot()), "\(processor.dotKernels!.name), pairs: \(usesPairs)")
      }
    }
  }

  @Test(arguments: cases) func exactSumsOfBytes(_ c: Case) {
    let data = Data(c, comparing: false)
    for (lower, upper): (Float, Float) in [(-1, 1), (0, 0.8), (-0.1, 0.9)] {
      let expected = reference(c, dequantized(data, c, lower: lower, upper: upper))
      var bits: [UInt32]?
      for processor in Self.processors() + Self.processors(threads: 3) {
        guard c.groups == 1 || c.channels / c.groups % processor.kernels.lanes == 0 else { continue }
        let found = run(c, data, .int8(lower: lower, upper: upper), on: processor)
        expectClose(found, expected, tolerance: 4e-6, "\(processor.dotKernels!.name), \(lower) to \(upper)")
        if c.activation != .mish {  // whole numbers, and the same floats made of them
          #expect(bits == nil || bits == found.map(\.bitPattern), "\(processor.dotKernels!.name) has other bits")
          bits = found.map(\.bitPattern)
        }
      }
    }
  }

  /// The instruction and its emulation, on whatever bits a float can have.
  @Test(.enabled(if: Processor.supportedDotKernels.contains { $0.multiplyPairs != nil }, "needs AVX-512 BF16"))
  func pairsHaveTheBitsOfRoundedFloats() throws {
    let processor = try #require(Self.processors().last)
    var word: UInt32 = 1
    func bits(_ count: Int, _ make: (UInt32) -> UInt32) -> [Float] {
      (0..<count).map { _ in
        word = word &* 1_664_525 &+ 1_013_904_223
        return Float(bitPattern: make(word ^ word >> 15))
      }
    }
    let any: (UInt32) -> UInt32 = { $0 }
    let subnormal: (UInt32) -> UInt32 = { $0 & 0x817f_ffff }
    let small: (UInt32) -> UInt32 = { $0 & 0x9fff_ffff }
    let large: (UInt32) -> UInt32 = { $0 & 0x80ff_ffff | 0x7e00_0000 }
    let moderate: (UInt32) -> UInt32 = { $0 & 0x83ff_ffff | 0x3c00_0000 }
    for (kernel, channels) in [(1, 16), (1, 67), (3, 20)] {
      for (x, w) in [(any, any), (subnormal, moderate), (small, small), (large, moderate), (large, small), (moderate, moderate), (any, moderate)] {
        let c = Case(
          channels: channels, outputs: 35, height: 15, width: 17, kernelHeight: kernel, kernelWidth: kernel, top: kernel / 2, left: kernel / 2,
          bottom: kernel / 2, right: kernel / 2)
        var data = Data(c, comparing: false)
        data.x = bits(data.x.count, x)
        data.weights = bits(data.weights.count, w)
        let found = run(c, data, .bfloat16, on: processor, usesPairs: true), emulated = run(c, data, .bfloat16, on: processor, usesPairs: false)
        // Of two NaN, which one a product keeps is the compiler's choice of operands.
        let differing = found.indices.filter { found[$0].bitPattern != emulated[$0].bitPattern && !(found[$0].isNaN && emulated[$0].isNaN) }
        #expect(differing.isEmpty, "\(kernel)×\(kernel), \(channels) channels: \(differing.count) differ")
      }
    }
  }

  @Test func sameBitsForAnyNumberOfThreads() {
    for c in [
      Case(batch: 2, channels: 70, outputs: 100, height: 26, width: 26, activation: .swish),
      Case(channels: 64, outputs: 70, height: 28, width: 28, kernelHeight: 1, kernelWidth: 1, top: 0, left: 0, bottom: 0, right: 0),
      Case(channels: 32, outputs: 40, height: 60, width: 52, stride: 2, activation: .relu),
    ] {
      let data = Data(c, comparing: false)
      for precision in [ConvolutionPrecision.bfloat16, .int8(lower: -1, upper: 1)] {
        let alone = Self.processors().map { run(c, data, precision, on: $0).map(\.bitPattern) }
        for threads in [2, 3, 7] {
          let together = Self.processors(threads: threads).map { run(c, data, precision, on: $0).map(\.bitPattern) }
          #expect(together == alone, "\(precision), \(threads) threads")
        }
      }
    }
  }

  @Test func bytesAreWithinTheirRangeWhateverComes() {
    let c = Case(channels: 4, outputs: 4, height: 2, width: 4, kernelHeight: 1, kernelWidth: 1, top: 0, left: 0, bottom: 0, right: 0)
    var data = Data(c, comparing: false)
    data.x = [.nan, .infinity, -.infinity, 1e30, -1e30, 0, -0.0, 1] + [Float](repeating: 0.5, count: 24)
    data.weights = (0..<16).map { $0 % 5 == 0 ? 1 : 0 }  // outputs are the channels
    data.bias = [0, 0, 0, 0]
    for processor in Self.processors() {
      let found = run(c, data, .int8(lower: 0, upper: 1), on: processor)
      expectClose(Array(found.prefix(8)), [0, 1, 0, 1, 0, 0, 0, 1], tolerance: 1e-6, processor.dotKernels!.name)
    }
  }

  @Test func whatCannotBeComputedIsSaid() {
    let processor = Self.processors()[0]
    func can(_ c: Case, _ precision: ConvolutionPrecision) -> Bool {
      ReducedConvolution.canCompute(c.problem(on: processor.kernels), precision: precision, on: processor)
    }
    #expect(can(Case(), .bfloat16) && can(Case(), .int8(lower: 0, upper: 1)) && !can(Case(), .float32))
    #expect(!can(Case(), .int8(lower: 0, upper: .infinity)) && !can(Case(), .int8(lower: 1, upper: 1)) && !can(Case(), .int8(lower: .nan, upper: 1)))
    #expect(!can(Case(height: 31, width: 31, stride: 3), .bfloat16) && !can(Case(isPlain: true), .bfloat16))
    #expect(!can(Case(channels: 6, outputs: 6, groups: 2), .bfloat16), "groups of parts of a block")
    #expect(!can(Case(channels: 10_000, kernelHeight: 3, kernelWidth: 3), .int8(lower: 0, upper: 1)), "sums of more than 32 bits")
  }

  /// What bytes stand for: x in 255 steps from lower to upper, of which 0 is one; the weights of an output in 127 steps either way.
  private func dequantized(_ data: Data, _ c: Case, lower: Float, upper: Float) -> Data {
    var data = data
    let step = (upper - lower) / 255, scale = 1 / step, zero = (-lower / step).rounded()
    data.x = data.x.map { (min(max(($0 * scale + zero).rounded(.toNearestOrEven), 0), 255) - zero) / scale }
    let kernel = data.weights.count / c.outputs
    for output in 0..<c.outputs {
      let range = output * kernel..<(output + 1) * kernel
      let step = data.weights[range].reduce(0) { max($0, abs($1)) } / 127
      for index in range { data.weights[index] = (data.weights[index] / step).rounded(.toNearestOrEven) * step }
    }
    return data
  }

  private func reference(_ c: Case, _ data: Data) -> [Float] {
    let geometry = PatchGeometry(
      inputHeight: c.height, inputWidth: c.width, outputWidth: c.width0, kernelHeight: c.kernelHeight, kernelWidth: c.kernelWidth, stride: c.stride,
      dilation: c.dilation, top: c.top, left: c.left)
    let sums = Reference.convolution(
      data.x, batch: c.batch, channels: c.channels, outputs: c.outputs, groups: c.groups, geometry: geometry, outputHeight: c.height0,
      weights: data.weights, bias: data.bias, residual: c.hasResidual ? data.residual : nil, activation: c.activation)
    guard c.isPooled else { return sums }
    return Reference.pool(
      .max, sums,
      geometry: PoolingGeometry(
        inputHeight: c.height0, inputWidth: c.width0, outputHeight: c.height0 / 2, outputWidth: c.width0 / 2, size: 2, stride: 2, top: 0, left: 0),
      maps: c.batch * c.outputs)
  }

  /// Runs with memory that was not cleared and lanes that mean nothing full of large numbers; the output's border must be zeros.
  private func run(_ c: Case, _ data: Data, _ precision: ConvolutionPrecision, on processor: Processor, usesPairs: Bool? = nil) -> [Float] {
    let problem = c.problem(on: processor.kernels)
    let x = poisoned(data.x, as: problem.input, on: processor)
    let residual = problem.residual.map { laidOut(data.residual, as: $0, on: processor) }
    guard ReducedConvolution.canCompute(problem, precision: precision, on: processor) else {
      Issue.record("\(processor.dotKernels!.name) cannot compute this")
      return []
    }
    let convolution = ReducedConvolution(
      problem, precision: precision, weights: data.weights.span, bias: data.bias.span, on: processor, usesPairs: usesPairs)
    var y = [Float](repeating: .nan, count: problem.output.count)
    var scratch = [Float](repeating: .nan, count: convolution.scratchCount(threadCount: processor.threads.threadCount))
    var ySpan = y.mutableSpan, scratchSpan = scratch.mutableSpan
    convolution.run(x.span, residual: residual?.span, into: &ySpan, scratch: &scratchSpan, on: processor)
    expectClearBorder(y, problem.output, "\(processor.dotKernels!.name), \(precision)")
    return plain(y, from: problem.output, on: processor)
  }
}

/// The nearest float of which only the upper half has bits, of two the even one.
private func roundedToBFloat16(_ x: Float) -> Float {
  guard x.isFinite else { return x }
  let below = Float(bitPattern: x.bitPattern & 0xffff_0000), above = Float(bitPattern: below.bitPattern &+ 0x1_0000)
  let down = (x - below).magnitude, up = (above - x).magnitude
  return down < up || (down == up && below.bitPattern & 0x1_0000 == 0) ? below : above
}
