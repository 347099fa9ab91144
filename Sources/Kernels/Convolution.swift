import KernelTemplates

/// A two-dimensional convolution, ready to run: weights packed, work cut.
///
/// y[n, o, p] = activation(b[o] + Σ_k w[o, k] · B[k, p]), the product of the weights with the matrix B of patches, of which each piece of work packs the
/// part it needs into memory of its own that stays in the second-level cache ("implicit im2col"; blocking after Goto & van de Geijn 2008).
public struct Convolution: Sendable {
  private let plan: ConvolutionPlan
  private let weights: [PackedRows]
  private let bias: [Float]

  /// - Parameters:
  ///   - weights: [outputs][channels / groups][kernel height][kernel width].
  ///   - bias: [outputs], or nil.
  public init(_ plan: ConvolutionPlan, weights: Span<Float>, bias: Span<Float>?) {
    precondition(weights.count == plan.outputs * plan.depth, "expected \(plan.outputs * plan.depth) weights, found \(weights.count)")
    self.plan = plan
    self.weights = weights.withUnsafeBufferPointer { weights in
      (0..<plan.groups).map {
        PackedRows(
          weights.baseAddress! + $0 * plan.groupOutputs * plan.depth, rows: plan.groupOutputs, depth: plan.depth, tileRows: plan.kernels.tileRows)
      }
    }
    var biasNumbers = [Float](repeating: 0, count: plan.outputs)
    if let bias { for output in 0..<plan.outputs { biasNumbers[output] = bias[output] } }
    self.bias = biasNumbers
  }

  /// `input` is [batch][channels][input height][input width], `output` [batch][outputs][output height][output width].
  public func run(_ input: Span<Float>, into output: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>, on processor: Processor) {
    precondition(input.count == plan.batch * plan.groups * plan.groupChannels * plan.inputPlane && output.count == plan.batch * plan.outputs * plan.outputPlane)
    precondition(scratch.count >= plan.scratchCount(threadCount: processor.threads.threadCount))
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        scratch.withUnsafeMutableBufferPointer { scratch in
          let input = input.baseAddress!, output = output.baseAddress!, scratch = scratch.baseAddress!
          let pieces = plan.blocking.rowBlocks * plan.blocking.columnBlocks
          processor.threads.forEach(plan.batch * plan.groups * pieces) { thread, index in
            let image = index / (plan.groups * pieces), group = index / pieces % plan.groups, piece = index % pieces
            compute(
              input + (image * plan.groups + group) * plan.groupChannels * plan.inputPlane, output + (image * plan.groups + group) * plan.groupOutputs * plan.outputPlane,
              group: group, rowBlock: piece / plan.blocking.columnBlocks, columnBlock: piece % plan.blocking.columnBlocks,
              block: scratch + thread * plan.blocking.blockCount, kernels: processor.kernels)
          }
        }
      }
    }
  }

  /// One piece of work: some rows and columns of the product for one group of one picture.
  private func compute(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, group: Int, rowBlock: Int, columnBlock: Int,
    block: UnsafeMutablePointer<Float>, kernels: KernelTable
  ) {
    let weights = weights[group]
    let panels = plan.blocking.panels(of: rowBlock), columns = plan.blocking.columns(of: columnBlock)
    let firstRow = weights.firstRow(of: panels.lowerBound), rows = weights.firstRow(of: panels.upperBound) - firstRow
    let target = output + firstRow * plan.outputPlane + columns.lowerBound
    for depthBlock in 0..<plan.blocking.depthBlocks {
      let depths = plan.blocking.depths(of: depthBlock)
      kernels.packPatches(PatchPacking(geometry: plan.geometry, input: input, depths: depths, columns: columns, panels: block))
      kernels.multiplyBlock(
        BlockProduct(
          rows: rows, columns: columns.count, depth: depths.count, a: weights.address(ofRow: firstRow), fullDepth: weights.depth,
          firstDepth: depths.lowerBound, b: UnsafePointer(block), c: target, stride: plan.outputPlane, accumulating: depthBlock > 0))
    }
    for row in 0..<rows {
      let line = target + row * plan.outputPlane
      kernels.activate(plan.activation, bias[group * plan.groupOutputs + firstRow + row], UnsafePointer(line), line, columns.count)
    }
  }
}
