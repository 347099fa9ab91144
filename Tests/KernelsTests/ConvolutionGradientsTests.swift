import Foundation
import Kernels
import Testing

/// Both gradients against PyTorch's numbers, and against differences of the convolution itself.
@Suite struct ConvolutionGradientsTests {
  /// Written by Fixtures/make-convolution-gradients.py.
  struct Fixture: Decodable {
    struct Case: Decodable {
      var transposed: Bool
      var batch, channels, outputs, groups, height, width, kernelHeight, kernelWidth, stride, padding, dilation, outputHeight, outputWidth: Int
      var x, w, b, y, dy, dx, dw, db: [Float]
    }
    var cases: [Case]

    static func read(file: String = #filePath) throws -> Fixture {
      let folder = file.dropLast("/ConvolutionGradientsTests.swift".count)
      return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/Fixtures/convolution-gradients.json")))
    }
  }

  @Test func equalThoseOfPyTorchOnEveryTable() throws {
    let cases = try Fixture.read().cases
    #expect(cases.count == 9)
    for (number, c) in cases.enumerated() {
      for table in tables {
        let processor = processor(table, threads: 2), what = "\(table.name), case \(number)"
        // A transposed convolution is the gradient of a convolution that reads its result, so its own gradient is that convolution.
        let large = c.transposed ? (c.outputs, c.outputHeight, c.outputWidth) : (c.channels, c.height, c.width)
        let small = c.transposed ? (c.channels, c.height, c.width) : (c.outputs, c.outputHeight, c.outputWidth)
        let problem = problem(
          batch: c.batch, large, small, kernelHeight: c.kernelHeight, kernelWidth: c.kernelWidth, stride: c.stride, padding: c.padding,
          dilation: c.dilation, groups: c.groups, on: table)
        let (read, written) = c.transposed ? (c.dy, c.x) : (c.x, c.dy)
        let weights = weightGradient(problem, read, written, on: processor)
        expectClose(weights.dw, c.dw, tolerance: 2e-5, "dw, \(what)")
        if c.transposed {
          expectClose(dataGradient(problem, c.x, c.w, bias: c.b, on: processor), c.y, tolerance: 1e-5, "y, \(what)")
          expectClose(convolution(problem, c.dy, c.w, on: processor), c.dx, tolerance: 1e-5, "dx, \(what)")
        } else {
          expectClose(convolution(problem, c.x, c.w, bias: c.b, on: processor), c.y, tolerance: 1e-5, "y, \(what)")
          expectClose(dataGradient(problem, c.dy, c.w, on: processor), c.dx, tolerance: 1e-5, "dx, \(what)")
          expectClose(weights.db, c.db, tolerance: 1e-5, "db, \(what)")
        }
      }
    }
  }

  /// Σ dy · y is linear in each input and each weight, so that differences of any size give its slope.
  @Test(arguments: [1, 2]) func areTheSlopesOfTheConvolution(stride: Int) {
    let x = noise(2 * 3 * 5 * 4), weights = noise(4 * 3 * 9, seed: 2)
    for table in tables {
      let processor = processor(table)
      let size = (5 - 1) / stride + 1, width = (4 - 1) / stride + 1
      let problem = problem(
        batch: 2, (3, 5, 4), (4, size, width), kernelHeight: 3, kernelWidth: 3, stride: stride, padding: 1, dilation: 1, groups: 1, on: table)
      let dy = noise(2 * 4 * size * width, seed: 3)
      func loss(_ x: [Float], _ weights: [Float]) -> Double {
        zip(convolution(problem, x, weights, on: processor), dy).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      func slopes(_ values: [Float], _ loss: ([Float]) -> Double) -> [Float] {
        values.indices.map { index in
          var above = values, below = values
          above[index] += 1
          below[index] -= 1
          return Float((loss(above) - loss(below)) / 2)
        }
      }
      expectClose(dataGradient(problem, dy, weights, on: processor), slopes(x) { loss($0, weights) }, tolerance: 1e-5, "dx, \(table.name)")
      expectClose(weightGradient(problem, x, dy, on: processor).dw, slopes(weights) { loss(x, $0) }, tolerance: 1e-5, "dw, \(table.name)")
    }
  }

  private typealias Size = (channels: Int, height: Int, width: Int)

  private func problem(
    batch: Int, _ read: Size, _ written: Size, kernelHeight: Int, kernelWidth: Int, stride: Int, padding: Int, dilation: Int, groups: Int,
    on kernels: KernelTable
  ) -> ConvolutionProblem {
    func maps(_ size: Size, border: Int) -> FeatureMaps {
      FeatureMaps(
        batch: batch, channels: size.channels, height: size.height, width: size.width, layout: MapLayout(lanes: kernels.lanes, border: border))
    }
    let border = ConvolutionProblem.border(
      inputHeight: read.height, inputWidth: read.width, outputHeight: written.height, outputWidth: written.width, kernelHeight: kernelHeight,
      kernelWidth: kernelWidth, stride: stride, dilation: dilation, top: padding, left: padding)
    var problem = ConvolutionProblem(
      input: maps(read, border: border), output: maps(written, border: 0), kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride,
      dilation: dilation, top: padding, left: padding, groups: groups)
    problem.output.layout.border = ConvolutionDataGradient.border(of: problem)
    return problem
  }

  private func convolution(_ problem: ConvolutionProblem, _ x: [Float], _ weights: [Float], bias: [Float]? = nil, on processor: Processor) -> [Float] {
    let plan = ConvolutionPlan(problem, kernels: processor.kernels)
    let y = withMemory(problem.output.count, plan.scratchCount(threadCount: processor.threads.threadCount, isPacking: true)) { y, scratch in
      plan.run(
        laidOut(x, as: problem.input, on: processor).span, packing: weights.span, bias: bias?.span, into: &y, scratch: &scratch, on: processor)
    }
    return plain(y, from: problem.output, on: processor)
  }

  private func dataGradient(_ problem: ConvolutionProblem, _ dy: [Float], _ weights: [Float], bias: [Float]? = nil, on processor: Processor) -> [Float] {
    let gradient = ConvolutionDataGradient(problem, kernels: processor.kernels)
    let dx = withMemory(problem.input.count, gradient.scratchCount(threadCount: processor.threads.threadCount, isPacking: true)) { dx, scratch in
      gradient.run(
        laidOut(dy, as: problem.output, on: processor).span, packing: weights.span, bias: bias?.span, into: &dx, scratch: &scratch, on: processor)
    }
    return plain(dx, from: problem.input, on: processor)
  }

  private func weightGradient(_ problem: ConvolutionProblem, _ x: [Float], _ dy: [Float], on processor: Processor) -> (dw: [Float], db: [Float]) {
    let gradient = ConvolutionWeightGradient(problem, kernels: processor.kernels)
    var db = [Float](repeating: .nan, count: problem.output.channels)
    let dw = withMemory(problem.weightCount, gradient.scratchCount(threadCount: processor.threads.threadCount)) { dw, scratch in
      var bias = db.mutableSpan
      gradient.run(
        laidOut(x, as: problem.input, on: processor).span, laidOut(dy, as: problem.output, on: processor).span, into: &dw, bias: &bias,
        scratch: &scratch, on: processor)
    }
    return (dw, db)
  }

  /// What `body` writes into memory that was not cleared.
  private func withMemory(_ count: Int, _ scratchCount: Int, _ body: (inout MutableSpan<Float>, inout MutableSpan<Float>) -> Void) -> [Float] {
    var result = [Float](repeating: .nan, count: count), scratch = [Float](repeating: .nan, count: scratchCount)
    var resultSpan = result.mutableSpan, scratchSpan = scratch.mutableSpan
    body(&resultSpan, &scratchSpan)
    return result
  }
}
