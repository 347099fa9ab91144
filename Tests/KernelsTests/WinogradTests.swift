import Kernels
import Testing

@Suite struct WinogradTests {
  struct Case: CustomTestStringConvertible {
    var batch = 1, channels = 16, outputs = 16, height = 8, width = 8, top = 1, left = 1, bottom = 1, right = 1
    var activation = Activation.linear
    var testDescription: String { "\(batch)×\(channels)×\(height)×\(width) → \(outputs), padding \(top),\(left),\(bottom),\(right)" }
  }

  static let cases: [Case] = {
    var cases: [Case] = []
    for outputs in [32, 33, 47, 63, 64, 65] { cases.append(Case(channels: 32, outputs: outputs)) }
    for channels in [32, 33, 37, 61] { cases.append(Case(channels: channels, outputs: 32)) }
    for size in [4, 5, 6, 7, 9, 13, 26, 31] { cases.append(Case(channels: 32, outputs: 32, height: size, width: size + 2)) }
    cases += [
      Case(batch: 3, channels: 32, outputs: 40, height: 9, width: 11), Case(channels: 32, outputs: 32, top: 0, left: 0, bottom: 0, right: 0),
      Case(channels: 32, outputs: 32, top: 2, left: 0, bottom: 1, right: 3), Case(channels: 32, outputs: 32, activation: .leaky(slope: 0.1)),
      Case(channels: 32, outputs: 32, height: 52, width: 60, activation: .mish),  // many blocks of tiles
    ]
    return cases
  }()

  /// The transforms add and subtract numbers of several times the result's size, so the error is larger than a direct sum's.
  @Test(arguments: cases) func equalsTheReferenceOnEveryTable(_ c: Case) throws {
    for table in tables {
      for threads in [1, 3] {
        let (found, expected) = try run(c, on: processor(table, threads: threads))
        let largest = expected.reduce(1) { max($0, abs($1)) }
        expectClose(found.map { $0 / largest }, expected.map { $0 / largest }, tolerance: 4e-6, "\(table.name), \(threads) threads")
      }
    }
  }

  /// Numbers as in a network: weights scaled so that the outputs are about as large as the inputs. The bound holds for every table, fused or not.
  @Test(arguments: [64, 128, 256, 512]) func theErrorStaysSmallForManyChannels(channels: Int) throws {
    for table in tables {
      let (found, expected) = try run(Case(channels: channels, outputs: 32, height: 14, width: 14), on: processor(table, threads: 2))
      let largest = expected.reduce(0) { max($0, abs($1)) }
      let error = zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest
      #expect(error <= 4e-6, "\(table.name), \(channels) channels: \(error) of the largest output")
      #expect(error > 0, "an error of nothing would mean that nothing was compared")
    }
  }

  @Test func sameBitsForAnyNumberOfThreads() throws {
    for c in [Case(channels: 32, outputs: 70, height: 13, width: 13), Case(channels: 32, outputs: 40, height: 60, width: 52)] {
      for table in tables {
        let alone = try run(c, on: processor(table, threads: 1), comparing: false).found
        for threads in [2, 3, 7] {
          let together = try run(c, on: processor(table, threads: threads), comparing: false).found
          #expect(together.map(\.bitPattern) == alone.map(\.bitPattern), "\(table.name), \(threads) threads")
        }
      }
    }
  }

  @Test func otherConvolutionsAreNotForIt() {
    let geometry = { (kernel: Int, stride: Int, dilation: Int) in
      PatchGeometry(
        inputHeight: 16, inputWidth: 16, outputWidth: 16, kernelHeight: kernel, kernelWidth: kernel, stride: stride, dilation: dilation, top: 1, left: 1)
    }
    func plan(_ geometry: PatchGeometry, channels: Int = 64, groups: Int = 1, height: Int = 16) -> WinogradPlan? {
      WinogradPlan(
        batch: 1, channels: channels, outputs: 64, groups: groups, geometry: geometry, outputHeight: height, activation: .linear, kernels: tables[0])
    }
    #expect(plan(geometry(3, 1, 1)) != nil)
    #expect(plan(geometry(1, 1, 1)) == nil && plan(geometry(5, 1, 1)) == nil && plan(geometry(3, 2, 1)) == nil && plan(geometry(3, 1, 2)) == nil)
    #expect(plan(geometry(3, 1, 1), groups: 2) == nil && plan(geometry(3, 1, 1), channels: 3) == nil && plan(geometry(3, 1, 1), height: 2) == nil)
  }

  private func run(_ c: Case, on processor: Processor, comparing: Bool = true) throws -> (found: [Float], expected: [Float]) {
    let outputHeight = c.height + c.top + c.bottom - 2, outputWidth = c.width + c.left + c.right - 2
    let x = noise(c.batch * c.channels * c.height * c.width), weights = noise(c.outputs * c.channels * 9, seed: 2).map { $0 * 0.1 }
    let bias = noise(c.outputs, seed: 3)
    let geometry = PatchGeometry(
      inputHeight: c.height, inputWidth: c.width, outputWidth: outputWidth, kernelHeight: 3, kernelWidth: 3, stride: 1, dilation: 1, top: c.top,
      left: c.left)
    let plan = try #require(
      WinogradPlan(
        batch: c.batch, channels: c.channels, outputs: c.outputs, groups: 1, geometry: geometry, outputHeight: outputHeight, activation: c.activation,
        kernels: processor.kernels))
    var y = [Float](repeating: .nan, count: c.batch * c.outputs * outputHeight * outputWidth)
    var scratch = [Float](repeating: .nan, count: plan.scratchCount(threadCount: processor.threads.threadCount))
    var ySpan = y.mutableSpan, scratchSpan = scratch.mutableSpan
    WinogradConvolution(plan, weights: weights.span, bias: bias.span, on: processor).run(x.span, into: &ySpan, scratch: &scratchSpan, on: processor)
    guard comparing else { return (y, []) }
    let expected = Reference.convolution(
      x, batch: c.batch, channels: c.channels, outputs: c.outputs, groups: 1, geometry: geometry, outputHeight: outputHeight, weights: weights,
      bias: bias, activation: c.activation)
    return (y, expected)
  }
}
