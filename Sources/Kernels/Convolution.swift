import KernelTemplates

/// A two-dimensional convolution, ready to run: weights packed, work cut.
///
/// y[n, o, p] = activation(b[o] + Σ_k w[o, k] · B[k, p]), the product of the weights with the matrix B of patches, which is packed a
/// block at a time, small enough for the second-level cache ("implicit im2col"; blocking after Goto & van de Geijn 2008).
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
    precondition(input.count == plan.batch * plan.groups * plan.groupChannels * plan.inputPlane)
    precondition(output.count == plan.batch * plan.outputs * plan.outputPlane)
    precondition(scratch.count >= plan.scratchCount(threadCount: processor.threads.threadCount))
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        scratch.withUnsafeMutableBufferPointer { scratch in
          guard let input = input.baseAddress, let output = output.baseAddress, let scratch = scratch.baseAddress else { return }
          for part in 0..<plan.batch * plan.groups {
            let group = part % plan.groups
            let maps = input + part * plan.groupChannels * plan.inputPlane, target = output + part * plan.groupOutputs * plan.outputPlane
            if plan.sharesBlocks {
              runSharing(maps, target, group: group, blocks: scratch, on: processor)
            } else {
              let work = (convolution: self, maps, target, group, scratch)
              processor.threads.forEach(plan.blocking.columnBlocks, work) { work, thread, columnBlock in
                let (convolution, maps, target, group, scratch) = work
                let block = scratch + thread * convolution.plan.blocking.blockCount
                for depthBlock in 0..<convolution.plan.blocking.depthBlocks {
                  convolution.pack(maps, columnBlock: columnBlock, depthBlock: depthBlock, into: block)
                  convolution.multiply(target, group: group, rowBlock: 0, columnBlock: columnBlock, depthBlock: depthBlock, block: block)
                }
              }
            }
          }
        }
      }
    }
  }

  /// First all threads pack blocks of patches, then all multiply them; in several rounds if the blocks of the whole depth would leave the cache.
  private func runSharing(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, group: Int, blocks: UnsafeMutablePointer<Float>, on processor: Processor
  ) {
    let blocking = plan.blocking
    for first in stride(from: 0, to: blocking.depthBlocks, by: blocking.depthBlocksAtOnce) {
      let round = min(blocking.depthBlocksAtOnce, blocking.depthBlocks - first)
      // Blocks lie by depth, then by column.
      processor.threads.forEach(round * blocking.columnBlocks, (convolution: self, input, first, blocks)) { work, _, index in
        let (convolution, input, first, blocks) = work
        let blocking = convolution.plan.blocking
        convolution.pack(
          input, columnBlock: index % blocking.columnBlocks, depthBlock: first + index / blocking.columnBlocks,
          into: blocks + index * blocking.blockCount)
      }
      processor.threads.forEach(blocking.rowBlocks * blocking.columnBlocks, (convolution: self, output, group, first, round, blocks)) { work, _, index in
        let (convolution, output, group, first, round, blocks) = work
        let blocking = convolution.plan.blocking
        let columnBlock = index % blocking.columnBlocks, rowBlock = index / blocking.columnBlocks
        for depth in 0..<round {
          convolution.multiply(
            output, group: group, rowBlock: rowBlock, columnBlock: columnBlock, depthBlock: first + depth,
            block: blocks + (depth * blocking.columnBlocks + columnBlock) * blocking.blockCount)
        }
      }
    }
  }

  private func pack(_ input: UnsafePointer<Float>, columnBlock: Int, depthBlock: Int, into block: UnsafeMutablePointer<Float>) {
    plan.kernels.packPatches(
      PatchPacking(
        geometry: plan.geometry, input: input, depths: plan.blocking.depths(of: depthBlock), columns: plan.blocking.columns(of: columnBlock),
        panels: block))
  }

  /// Adds one block of depth to one block of the result; with the last one, finishes it by bias and activation while it is in the cache.
  private func multiply(
    _ output: UnsafeMutablePointer<Float>, group: Int, rowBlock: Int, columnBlock: Int, depthBlock: Int, block: UnsafeMutablePointer<Float>
  ) {
    let blocking = plan.blocking, weights = weights[group]
    let panels = blocking.panels(of: rowBlock), columns = blocking.columns(of: columnBlock), depths = blocking.depths(of: depthBlock)
    let firstRow = weights.panels.firstRow(of: panels.lowerBound), rows = weights.panels.firstRow(of: panels.upperBound) - firstRow
    let target = output + firstRow * plan.outputPlane + columns.lowerBound
    plan.kernels.multiplyBlock(
      BlockProduct(
        rows: rows, columns: columns.count, depth: depths.count, a: weights.address(ofRow: firstRow), fullDepth: weights.depth,
        firstDepth: depths.lowerBound, b: UnsafePointer(block), c: target, stride: plan.outputPlane, accumulating: depthBlock > 0))
    guard depthBlock == blocking.depthBlocks - 1 else { return }
    for row in 0..<rows {
      let line = target + row * plan.outputPlane
      plan.kernels.activate(plan.activation, bias[group * plan.groupOutputs + firstRow + row], UnsafePointer(line), line, columns.count)
    }
  }
}
