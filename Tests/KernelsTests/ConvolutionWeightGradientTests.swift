import Kernels
import Testing

/// The gradient by the weights and the bias on every table against its formula.
@Suite struct ConvolutionWeightGradientTests {
  typealias Case = ConvolutionTests.Case

  static let cases: [Case] =
    ConvolutionDataGradientTests.cases + [
      Case(batch: 37, channels: 17, outputs: 19, height: 2, width: 2), Case(batch: 5, channels: 33, outputs: 65, height: 4, width: 4),
      Case(batch: 2, channels: 50, outputs: 70, height: 20, width: 30, kernelHeight: 1, kernelWidth: 1, top: 0, left: 0, bottom: 0, right: 0),
      Case(channels: 36, outputs: 24, groups: 12), Case(channels: 8, outputs: 40, groups: 4, isPlain: true),
      Case(batch: 3, channels: 40, outputs: 40, groups: 40, height: 41, width: 50),
      Case(batch: 2, outputs: 24, height: 31, width: 37, kernelHeight: 7, kernelWidth: 7, stride: 2, top: 3, left: 3, bottom: 3, right: 3, isPlain: true),
      Case(outputs: 33, height: 31, width: 37, stride: 2, spare: (1, 1, 0), isPlain: true), Case(channels: 1, outputs: 5, isPlain: true),
    ]

  @Test(arguments: cases) func equalsTheReferenceOnEveryTable(_ c: Case) {
    let x = noise(c.batch * c.channels * c.height * c.width), depth = Float(c.batch * c.height0 * c.width0)
    let dy = noise(c.batch * c.outputs * c.height0 * c.width0, seed: 2).map { $0 * (3 / depth).squareRoot() }  // so that sums are about as large as x
    let expected = Reference.convolutionWeightGradient(
      x, dy: dy, batch: c.batch, channels: c.channels, outputs: c.outputs, groups: c.groups, geometry: c.geometry, outputHeight: c.height0)
    let map = c.height0 * c.width0
    let biasExpected = (0..<c.outputs).map { output in
      Float((0..<c.batch).reduce(0.0) { sum, n in dy[((n * c.outputs + output) * map)...].prefix(map).reduce(sum) { $0 + Double($1) } })
    }
    for table in tables {
      for threads in [1, 3] {
        let found = run(c, x, dy, on: processor(table, threads: threads))
        expectClose(found.dw, expected, tolerance: 3e-7 * max(2, depth.squareRoot()), "\(table.name), \(threads) threads")
        expectClose(found.db, biasExpected, tolerance: 3e-7 * max(2, depth.squareRoot()), "\(table.name), bias, \(threads) threads")
      }
    }
  }

  @Test func theBiasIsNotComputedWhenItIsNotWanted() {
    let c = Case(), x = noise(c.channels * c.height * c.width), dy = noise(c.outputs * c.height0 * c.width0, seed: 2)
    for table in tables {
      let found = run(c, x, dy, wantsBias: false, on: processor(table))
      #expect(found.db.isEmpty && found.dw == run(c, x, dy, on: processor(table)).dw)
    }
  }

  @Test func sameBitsForAnyNumberOfThreads() {
    for c in [
      Case(batch: 4, channels: 35, outputs: 29, height: 26, width: 26), Case(batch: 2, channels: 70, outputs: 70, height: 13, width: 9, stride: 2),
      Case(batch: 5, channels: 33, outputs: 33, groups: 33, height: 27, width: 26), Case(outputs: 33, height: 40, width: 43, stride: 2, isPlain: true),
    ] {
      let x = noise(c.batch * c.channels * c.height * c.width), dy = noise(c.batch * c.outputs * c.height0 * c.width0, seed: 2)
      for table in tables {
        let alone = run(c, x, dy, on: processor(table, threads: 1))
        for threads in [2, 3, 7] {
          let together = run(c, x, dy, on: processor(table, threads: threads))
          #expect(together.dw.map(\.bitPattern) == alone.dw.map(\.bitPattern), "\(table.name), \(c.testDescription), \(threads) threads")
          #expect(together.db.map(\.bitPattern) == alone.db.map(\.bitPattern), "\(table.name), \(c.testDescription), \(threads) threads")
        }
      }
    }
  }

  /// Runs in the problem's layouts, with memory that was not cleared and lanes beyond the last channel that are not numbers.
  private func run(_ c: Case, _ x: [Float], _ dy: [Float], wantsBias: Bool = true, on processor: Processor) -> (dw: [Float], db: [Float]) {
    let problem = c.gradientProblem(on: processor.kernels)
    let gradient = ConvolutionWeightGradient(problem, kernels: processor.kernels)
    let xMaps = laidOut(x, as: problem.input, on: processor), dyMaps = laidOut(dy, as: problem.output, on: processor)
    var dw = [Float](repeating: .nan, count: problem.weightCount), db = [Float](repeating: .nan, count: wantsBias ? c.outputs : 0)
    var scratch = [Float](repeating: .nan, count: gradient.scratchCount(threadCount: processor.threads.threadCount))
    var dwSpan = dw.mutableSpan, dbSpan = db.mutableSpan, scratchSpan = scratch.mutableSpan
    gradient.run(
      withoutNumbersBeyondChannels(xMaps, problem.input).span, withoutNumbersBeyondChannels(dyMaps, problem.output).span, into: &dwSpan, bias: &dbSpan,
      scratch: &scratchSpan, on: processor)
    return (dw, db)
  }
}

/// The maps with NaN in the lanes of pixels that are no channel.
private func withoutNumbersBeyondChannels(_ x: [Float], _ maps: FeatureMaps) -> [Float] {
  var x = x
  let lanes = maps.layout.lanes
  for image in 0..<maps.batch {
    for lane in maps.channels..<max(maps.channels, maps.blocks * lanes) {
      for row in 0..<maps.height {
        for column in 0..<maps.width {
          x[image * maps.imageStride + lane / lanes * maps.blockStride + maps.origin + row * maps.rowStride + column * lanes + lane % lanes] = .nan
        }
      }
    }
  }
  return x
}
